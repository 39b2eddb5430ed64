"""rpm's databases as tests make them: headers that rpmbuild and rpm wrote, in each kind of file that rpm ever kept them in."""

import sqlite3
import struct
import subprocess
import zlib

SPEC = """\
Name: {name}
Version: {version}
Release: {release}
{more}
Summary: {name}
License: MIT
%description
%package -n {name}-libs
Summary: libs
%description -n {name}-libs
%install
mkdir -p %{{buildroot}}/usr/share/{name}
for i in $(seq {files}); do : > %{{buildroot}}/usr/share/{name}/a-file-with-a-long-name-$i; done
%files
/usr/share/{name}
%files -n {name}-libs
"""


def build_rpms(folder, *packages):
    """Builds each package, and its -libs, by the real tool."""
    for package in packages:
        spec = folder / f"{package['name']}.spec"
        spec.write_text(SPEC.format(**{"release": "1.el9", "more": "", "files": 1, **package}))
        subprocess.run(["rpmbuild", "-bb", "--quiet", "--define", f"_topdir {folder}", "--define", "_binary_payload w0.gzdio", spec],
                       check=True, capture_output=True)
    return sorted((folder / "RPMS").rglob("*.rpm"))


def rpm(database, *argv):
    """rpm on one database, of SQLite."""
    return subprocess.run(["rpm", "--dbpath", database, *argv], check=True, capture_output=True, text=True).stdout


def installed(database):
    """What rpm itself says: name, version, architecture, source file, module."""
    line = r"%{NAME}\t%|EPOCH?{%{EPOCH}:}:{}|%{VERSION}-%{RELEASE}\t%{ARCH}\t%{SOURCERPM}\t%{MODULARITYLABEL}\n"
    return sorted(tuple(row.split("\t")) for row in rpm(database, "-qa", "--qf", line).splitlines())


def headers_of(database):
    """The headers as rpm wrote them, by their numbers."""
    with sqlite3.connect(f"file:{database}/rpmdb.sqlite?mode=ro", uri=True) as connection:
        return dict(connection.execute("SELECT hnum, blob FROM Packages"))


# Perl's DB_File is Berkeley DB's own library.
WRITE_HASH = r"""
use DB_File;
my ($path, $order) = @ARGV;
my $kind = DB_File::HASHINFO->new;
$kind->{lorder} = $order;
$kind->{bsize} = 4096;
tie(my %db, "DB_File", $path, DB_File::O_RDWR() | DB_File::O_CREAT(), 0644, $kind) or die "$path: $!";
binmode STDIN;
while (read(STDIN, my $head, 8)) {
  my ($number, $bytes) = unpack("NN", $head);
  read(STDIN, my $blob, $bytes) == $bytes or die "cut short";
  my $key = pack($order == 4321 ? "N" : "V", $number);
  $db{$key} = $blob;
}
untie %db;
"""


def write_berkeley(path, headers, byte_order):
    """`byte_order`: "little" or "big". Under 0 is the last number, as rpm has it there."""
    numbers = {0: struct.pack("<I" if byte_order == "little" else ">I", max(headers)), **headers}
    blobs = b"".join(struct.pack(">II", number, len(blob)) + blob for number, blob in numbers.items())
    subprocess.run(["perl", "-e", WRITE_HASH, path, {"little": "1234", "big": "4321"}[byte_order]], input=blobs, check=True)


def write_ndb(path, headers, slot_pages=1):
    """As rpm's lib/backend/ndb/rpmpkg.c writes it."""
    slots, blobs = b"", b""
    for number, header in headers.items():
        blob = b"BlbS" + struct.pack("<III", number, 1, len(header)) + header
        blob += bytes(-(len(blob) + 12) % 16)
        blob += struct.pack("<II", zlib.adler32(blob), len(header)) + b"BlbE"
        slots += b"Slot" + struct.pack("<III", number, (slot_pages * 4096 + len(blobs)) // 16, len(blob) // 16)
        blobs += blob
    head = b"RpmP" + struct.pack("<IIII", 0, 1, slot_pages, max(headers, default=0) + 1) + bytes(12)
    free = b"Slot" + bytes(12)
    slots += free * ((slot_pages * 4096 - len(head) - len(slots)) // 16)
    assert len(head + slots) == slot_pages * 4096, "more packages than slots"
    path.write_bytes(head + slots + blobs)
