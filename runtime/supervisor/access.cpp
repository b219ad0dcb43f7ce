#include "runtime/supervisor/access.hpp"

#include <algorithm>
#include <array>
#include <string_view>

#include <unistd.h>

#include <takt/base/text.hpp>
#include <takt/os/accounts.hpp>
#include <takt/supervisor/instance.hpp>

namespace takt::supervisor {
namespace {

// The requests that change nothing.
constexpr std::array kLookingVerbs{std::string_view("ps"), std::string_view("echo")};

Result<std::optional<AccessGroup>> group_of(const std::string& name) {
  if (name.empty()) return std::optional<AccessGroup>();
  const auto id = os::find_group(name);
  if (!id) {
    return fail(format("this machine has no group '{}', which 'access' names", name),
                format("make it: sudo groupadd --system {}", name));
  }
  return std::optional(AccessGroup{name, *id});
}

}  // namespace

Result<AccessRules> access_rules(const AccessConfig& access) {
  AccessRules rules;
  rules.owner = ::geteuid();
  auto operators = group_of(access.operators);
  if (!operators) return operators.error();
  auto observers = group_of(access.observers);
  if (!observers) return observers.error();
  rules.operators = std::move(*operators);
  rules.observers = std::move(*observers);
  return rules;
}

May judge(const AccessRules& rules, May door, const os::Peer& peer,
          const std::vector<gid_t>& groups) {
  if (rules.ids_are_hidden) return door;
  const auto belongs_to = [&](const std::optional<AccessGroup>& group) {
    return group && (peer.gid == group->id ||
                     std::find(groups.begin(), groups.end(), group->id) != groups.end());
  };
  May may = May::nothing;
  if (belongs_to(rules.observers)) may = May::look;
  if (belongs_to(rules.operators) || peer.uid == rules.owner || peer.uid == 0) may = May::command;
  return std::min(may, door);
}

May needed_for(const std::string& verb) {
  const bool looks =
      std::find(kLookingVerbs.begin(), kLookingVerbs.end(), verb) != kLookingVerbs.end();
  return looks ? May::look : May::command;
}

Error refusal_of(const AccessRules& rules, const std::string& verb) {
  const bool looks = needed_for(verb) == May::look;
  std::vector<std::string> groups;
  if (looks && rules.observers) groups.push_back(rules.observers->name);
  if (rules.operators) groups.push_back(rules.operators->name);
  return access_refused(format("'{}'", verb), groups, os::user_name(rules.owner));
}

}  // namespace takt::supervisor
