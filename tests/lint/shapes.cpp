// What scripts/coroutine_lint.py must find, and what it must leave alone. Read by it before anything else; never built.
#include "tgkit/async/task.hpp"

#include <string>
#include <vector>

using tgkit::Task;

struct Pair {
  std::string a, b;
};
struct Keeper {
  const std::vector<int>& all() const { return kept; }
  std::vector<int> kept;
};
Task<int> take(Pair pair);
Task<bool> ask();
Task<std::string> text();
Keeper keeper();

Task<int> an_aggregate_inside() {
  co_return co_await take(Pair{"x", "y"});  // finds: temporary
}
Task<Pair> inside_braces() {
  Pair made{co_await text(), "x"};  // finds: braces
  co_return made;
}
Task<std::string> in_a_conditional(bool yes) {
  std::string said = yes ? co_await text() : std::string("x");  // finds: conditional
  co_return said;
}
Task<> in_a_condition() {
  if (!co_await ask()) co_return;  // finds: condition
}
int over_what_dies() {
  int sum = 0;
  for (const int x : keeper().all()) sum += x;  // finds: range
  return sum;
}
Task<int> as_it_should_be() {
  Pair pair{"x", "y"};
  const int taken = co_await take(std::move(pair));
  const bool yes = co_await ask();
  if (yes) co_return taken;
  const Keeper kept = keeper();
  int sum = 0;
  for (const int x : kept.all()) sum += x;
  for (const int x : keeper().kept) sum += x;
  co_return sum;
}
