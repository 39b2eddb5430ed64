#pragma once

#include "initscan/model/ecosystems.h"

#include <array>

// What is known of the releases of distributions: how they are called, and how long they are supported. Included by
// the table alone.
namespace initscan {

using namespace std::literals;

// Source: wiki.debian.org/DebianReleases, and wiki.debian.org/LTS for the last days.
constexpr std::array kDebianReleases = {
    DistributionRelease{"2.2", "potato"},
    DistributionRelease{"3.0", "woody"},
    DistributionRelease{"3.1", "sarge"},
    DistributionRelease{"4", "etch"},
    DistributionRelease{"5", "lenny"},
    DistributionRelease{"6", "squeeze", 2016y / 2 / 29},
    DistributionRelease{"7", "wheezy", 2018y / 5 / 31},
    DistributionRelease{"8", "jessie", 2020y / 6 / 30},
    DistributionRelease{"9", "stretch", 2022y / 6 / 30},
    DistributionRelease{"10", "buster", 2024y / 6 / 30},
    DistributionRelease{"11", "bullseye", 2026y / 8 / 31},
    DistributionRelease{"12", "bookworm", 2028y / 6 / 30},
    DistributionRelease{"13", "trixie", 2030y / 6 / 30},
    DistributionRelease{"14", "forky"},
};

// Source: alpinelinux.org/releases; where it names a month, about its end.
constexpr std::array kAlpineReleases = {
    DistributionRelease{"3.0", "", 2016y / 5 / 1},   DistributionRelease{"3.1", "", 2016y / 11 / 1},
    DistributionRelease{"3.2", "", 2017y / 5 / 1},   DistributionRelease{"3.3", "", 2017y / 11 / 1},
    DistributionRelease{"3.4", "", 2018y / 5 / 1},   DistributionRelease{"3.5", "", 2018y / 11 / 1},
    DistributionRelease{"3.6", "", 2019y / 5 / 1},   DistributionRelease{"3.7", "", 2019y / 11 / 1},
    DistributionRelease{"3.8", "", 2020y / 5 / 1},   DistributionRelease{"3.9", "", 2020y / 11 / 1},
    DistributionRelease{"3.10", "", 2021y / 5 / 1},  DistributionRelease{"3.11", "", 2021y / 11 / 1},
    DistributionRelease{"3.12", "", 2022y / 5 / 1},  DistributionRelease{"3.13", "", 2022y / 11 / 1},
    DistributionRelease{"3.14", "", 2023y / 5 / 1},  DistributionRelease{"3.15", "", 2023y / 11 / 1},
    DistributionRelease{"3.16", "", 2024y / 5 / 23}, DistributionRelease{"3.17", "", 2024y / 11 / 22},
    DistributionRelease{"3.18", "", 2025y / 5 / 9},  DistributionRelease{"3.19", "", 2025y / 11 / 1},
    DistributionRelease{"3.20", "", 2026y / 4 / 1},  DistributionRelease{"3.21", "", 2026y / 11 / 1},
    DistributionRelease{"3.22", "", 2027y / 5 / 1},  DistributionRelease{"3.23", "", 2027y / 11 / 1},
};

// Source: ubuntu.com/about/release-cycle, standard support; where it names a month, about its end.
constexpr std::array kUbuntuReleases = {
    DistributionRelease{"12.04", "precise", 2017y / 4 / 28, ":LTS"},
    DistributionRelease{"12.10", "quantal", 2014y / 5 / 16},
    DistributionRelease{"13.04", "raring", 2014y / 1 / 27},
    DistributionRelease{"13.10", "saucy", 2014y / 7 / 17},
    DistributionRelease{"14.04", "trusty", 2019y / 4 / 25, ":LTS"},
    DistributionRelease{"14.10", "utopic", 2015y / 7 / 23},
    DistributionRelease{"15.04", "vivid", 2016y / 2 / 4},
    DistributionRelease{"15.10", "wily", 2016y / 7 / 28},
    DistributionRelease{"16.04", "xenial", 2021y / 4 / 30, ":LTS"},
    DistributionRelease{"16.10", "yakkety", 2017y / 7 / 20},
    DistributionRelease{"17.04", "zesty", 2018y / 1 / 13},
    DistributionRelease{"17.10", "artful", 2018y / 7 / 19},
    DistributionRelease{"18.04", "bionic", 2023y / 5 / 31, ":LTS"},
    DistributionRelease{"18.10", "cosmic", 2019y / 7 / 18},
    DistributionRelease{"19.04", "disco", 2020y / 1 / 23},
    DistributionRelease{"19.10", "eoan", 2020y / 7 / 17},
    DistributionRelease{"20.04", "focal", 2025y / 5 / 31, ":LTS"},
    DistributionRelease{"20.10", "groovy", 2021y / 7 / 22},
    DistributionRelease{"21.04", "hirsute", 2022y / 1 / 20},
    DistributionRelease{"21.10", "impish", 2022y / 7 / 14},
    DistributionRelease{"22.04", "jammy", 2027y / 4 / 30, ":LTS"},
    DistributionRelease{"22.10", "kinetic", 2023y / 7 / 20},
    DistributionRelease{"23.04", "lunar", 2024y / 1 / 25},
    DistributionRelease{"23.10", "mantic", 2024y / 7 / 11},
    DistributionRelease{"24.04", "noble", 2029y / 5 / 31, ":LTS"},
    DistributionRelease{"24.10", "oracular", 2025y / 7 / 10},
    DistributionRelease{"25.04", "plucky", 2026y / 1 / 15},
    DistributionRelease{"25.10", "questing", 2026y / 7 / 31},
    DistributionRelease{"26.04", "resolute", 2031y / 4 / 30, ":LTS"},
};

// Source: access.redhat.com/support/policy/updates/errata, the end of maintenance support.
constexpr std::array kRedHatReleases = {
    DistributionRelease{"5", "", 2017y / 3 / 31}, DistributionRelease{"6", "", 2020y / 11 / 30},
    DistributionRelease{"7", "", 2024y / 6 / 30}, DistributionRelease{"8", "", 2029y / 5 / 31},
    DistributionRelease{"9", "", 2032y / 5 / 31}, DistributionRelease{"10", "", 2035y / 5 / 31},
};

// Source: centos.org/cl-vs-cs. CentOS Linux 8 ended before the Stream of that number.
constexpr std::array kCentosReleases = {
    DistributionRelease{"6", "", 2020y / 11 / 30},
    DistributionRelease{"7", "", 2024y / 6 / 30},
    DistributionRelease{"8", "", 2024y / 5 / 31},
    DistributionRelease{"9", "", 2027y / 5 / 31},
};

// Source: wiki.almalinux.org/release-notes.
constexpr std::array kAlmaReleases = {
    DistributionRelease{"8", "", 2029y / 3 / 1},
    DistributionRelease{"9", "", 2032y / 5 / 31},
    DistributionRelease{"10", "", 2035y / 5 / 31},
};

// Source: wiki.rockylinux.org/rocky/version.
constexpr std::array kRockyReleases = {
    DistributionRelease{"8", "", 2029y / 5 / 31},
    DistributionRelease{"9", "", 2032y / 5 / 31},
    DistributionRelease{"10", "", 2035y / 5 / 31},
};

// Source: docs.fedoraproject.org/en-US/releases/eol.
constexpr std::array kFedoraReleases = {
    DistributionRelease{"36", "", 2023y / 5 / 16}, DistributionRelease{"37", "", 2023y / 12 / 5},
    DistributionRelease{"38", "", 2024y / 5 / 21}, DistributionRelease{"39", "", 2024y / 11 / 26},
    DistributionRelease{"40", "", 2025y / 5 / 13},
};

// Source: aws.amazon.com/amazon-linux-2/faqs and docs.aws.amazon.com/linux/al2023/ug/release-cadence.html.
constexpr std::array kAmazonReleases = {
    DistributionRelease{"2018", "", 2023y / 12 / 31},
    DistributionRelease{"2", "", 2026y / 6 / 30},
    DistributionRelease{"2023", "", 2029y / 6 / 30},
};

// Source: oracle.com/a/ocom/docs/elsp-lifetime-069338.pdf, the month in which premier support ends.
constexpr std::array kOracleReleases = {
    DistributionRelease{"5", "", 2017y / 6 / 30},  DistributionRelease{"6", "", 2021y / 3 / 31},
    DistributionRelease{"7", "", 2024y / 12 / 31}, DistributionRelease{"8", "", 2029y / 7 / 31},
    DistributionRelease{"9", "", 2032y / 6 / 30},  DistributionRelease{"10", "", 2035y / 6 / 30},
};

// Source: suse.com/lifecycle, general support.
constexpr std::array kSlesReleases = {
    DistributionRelease{"12.5", "", 2024y / 10 / 31}, DistributionRelease{"15", "", 2019y / 12 / 31},
    DistributionRelease{"15.1", "", 2021y / 1 / 31},  DistributionRelease{"15.2", "", 2021y / 12 / 31},
    DistributionRelease{"15.3", "", 2022y / 12 / 31}, DistributionRelease{"15.4", "", 2023y / 12 / 31},
    DistributionRelease{"15.5", "", 2024y / 12 / 31}, DistributionRelease{"15.6", "", 2025y / 12 / 31},
    DistributionRelease{"15.7", "", 2031y / 7 / 31},
};

// Source: en.opensuse.org/Lifetime; where it names a month, its end.
constexpr std::array kLeapReleases = {
    DistributionRelease{"15.3", "", 2022y / 12 / 31},
    DistributionRelease{"15.4", "", 2023y / 12 / 7},
    DistributionRelease{"15.5", "", 2024y / 12 / 31},
    DistributionRelease{"15.6", "", 2026y / 4 / 30},
};

// Source: blogs.vmware.com/vsphere, the announcements of each end of life.
constexpr std::array kPhotonReleases = {
    DistributionRelease{"1.0", "", 2022y / 2 / 28},
    DistributionRelease{"2.0", "", 2022y / 12 / 31},
    DistributionRelease{"3.0", "", 2024y / 3 / 1},
    DistributionRelease{"4.0"},
    DistributionRelease{"5.0"},
};

// Source: learn.microsoft.com/azure/azure-linux/support-cycle.
constexpr std::array kMarinerReleases = {
    DistributionRelease{"1", "", 2023y / 7 / 31},
    DistributionRelease{"2", "", 2025y / 7 / 31},
};

}  // namespace initscan
