#pragma once

#include "server/pods/pod_state.h"

#include <array>
#include <cstddef>
#include <cstdint>
#include <map>
#include <memory>
#include <string>
#include <unordered_map>
#include <vector>

namespace initscan::server {

// What two watches bring: pods with the label of what the injector made, whole, and all others by their metadata.
enum class PodSource : std::uint8_t { labelled, others };

// What becomes of a pod in the table.
struct PodChange {
  std::vector<Scan> new_scans;    // that were not seen before in this pod
  bool is_newly_blocked = false;  // or for another reason than before
};

// How the pods of one namespace stand.
struct NamespaceFigures {
  std::array<std::size_t, kPodStates> pods{};
  std::array<std::size_t, kBlockReasons> blocked{};
  std::size_t running_unscanned = 0;
  FindingCounts findings;  // of the distinct images that run

  bool operator==(const NamespaceFigures&) const = default;
};

// The pods of a cluster, each as little as can be said of it. For one thread at a time.
class PodTable {
 public:
  /// Namespaces that are not told of ask for nothing.
  void set_namespace(const std::string& name, const NamespaceRules& rules) { rules_[name] = rules; }
  void remove_namespace(const std::string& name) { rules_.erase(name); }

  PodChange put(PodSource source, const std::string& uid, const std::string& namespace_, PodReading reading);
  /// What was seen of a pod's gate is new again, should it be seen again.
  void forget_runs(PodSource source, const std::string& uid);

  void remove(PodSource source, const std::string& uid) { pods_of(source).erase(uid); }

  /// Between these two everything is put that there is: what is not is gone.
  void begin_list(PodSource source);
  void end_list(PodSource source);

  bool has(const std::string& uid) const;
  bool has_any(PodState state) const;
  std::size_t size() const { return labelled_.size() + others_.size(); }

  /// By namespace; one of which nothing is to be said is not there.
  std::map<std::string, NamespaceFigures> figures() const;

 private:
  // Of a pod whose images its gate let through.
  struct Findings {
    std::string images;  // what tells them from others
    FindingCounts counts;
  };

  struct Kept {
    const std::string* namespace_ = nullptr;  // in names_
    std::optional<UngatedPod> ungated;
    PodState state = PodState::unproven;
    BlockReason blocked_by = BlockReason::undecided;
    bool is_told = false;    // see PodReading
    bool is_other = false;   // what runs is not what was scanned
    bool is_listed = false;  // by the list that is under way
    std::string runs;        // of the gate that its status shows
    std::unique_ptr<Findings> findings;
  };

  using Pods = std::unordered_map<std::string, Kept>;  // by uid

  Pods& pods_of(PodSource source) { return source == PodSource::labelled ? labelled_ : others_; }
  void add(const Pods& pods, std::map<std::string, NamespaceFigures>& figures) const;

  std::map<std::string, NamespaceRules> rules_;
  std::unordered_map<std::string, bool> names_;  // of namespaces: each once, however many pods there are
  Pods labelled_;
  Pods others_;
};

}  // namespace initscan::server
