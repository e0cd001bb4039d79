// Expected: a job concerns no update: after Context& and its payload it takes only Use<T>
#include "tgkit/bot/jobs_table.hpp"

using namespace tgkit::bot;
using tgkit::Task;

struct Prefs {
  int size = 0;
};
template <>
struct tgkit::bot::Stored<Prefs> {
  static constexpr std::string_view name = "prefs";
  static constexpr auto fields = std::tuple(field("size", &Prefs::size));
};
Task<> handler(Context&, UserState<Prefs>) { co_return; }
void wire(JobTable& jobs) { jobs.every("clean up", std::chrono::hours(1), handler); }
