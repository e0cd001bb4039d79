#include "sandbox/entities/nesting.hpp"

#include <algorithm>
#include <array>
#include <limits>
#include <string_view>
#include <tuple>

namespace sandbox {
namespace {

using Entities = std::vector<Entity>;

constexpr std::array<std::string_view, 5> kStyles = {"bold", "italic", "underline", "strikethrough", "spoiler"};
constexpr std::size_t kNoStyle = kStyles.size();

std::size_t style_index(std::string_view type) {
  return static_cast<std::size_t>(std::find(kStyles.begin(), kStyles.end(), type) - kStyles.begin());
}

// Among entities over the same piece of text the one with the smaller rank stands outside.
int rank(const Entity& entity) {
  const std::string_view type = entity.type;
  if (is_quote(type)) return 0;
  if (type == "pre") return entity.language.empty() ? 11 : 10;
  if (type == "code") return 20;
  if (type == "date_time") return 30;
  if (type == "text_link" || type == "text_mention") return 49;
  if (type == "custom_emoji") return 99;
  const std::size_t style = style_index(type);
  return style == kNoStyle ? 50 : 90 + static_cast<int>(style);
}

// Kinds whose text is shown as it is.
bool is_verbatim(std::string_view type) { return type == "pre" || type == "code" || type == "date_time"; }

// Keeps, of every set that overlaps or nests, the first.
void keep_disjoint(Entities& entities) {
  std::int64_t end = 0;
  std::erase_if(entities, [&end](const Entity& entity) {
    if (entity.offset < end) return true;
    end = entity.end();
    return false;
  });
}

// Inside a quote or outside of it, but not across its edge.
void drop_crossing(Entities& entities, const Entities& quotes) {
  std::erase_if(entities, [&quotes](const Entity& entity) {
    return std::any_of(quotes.begin(), quotes.end(), [&entity](const Entity& quote) {
      const bool apart = entity.end() <= quote.offset || quote.end() <= entity.offset;
      const bool inside = quote.offset <= entity.offset && entity.end() <= quote.end();
      return !apart && !inside;
    });
  });
}

struct Parts {
  Entities fixed;  // links, mentions, code: disjoint among themselves
  Entities quotes;
  Entities styles;
};

Parts take_apart(Entities& entities) {
  Parts parts;
  for (Entity& entity : entities) {
    Entities& part = is_style(entity.type) ? parts.styles : is_quote(entity.type) ? parts.quotes : parts.fixed;
    part.push_back(std::move(entity));
  }
  return parts;
}

// Merges styles of one kind that touch, and cuts them wherever a fixed entity begins or ends or another style begins.
class StyleCutter {
 public:
  Entities cut(const Entities& styles, const Entities& fixed) {
    next_ = styles.begin();
    last_ = styles.end();
    std::vector<const Entity*> around;
    for (const Entity& entity : fixed) {
      leave(around, entity.offset);
      advance(entity.offset);
      around.push_back(&entity);
    }
    constexpr auto kEnd = std::numeric_limits<std::int64_t>::max();
    leave(around, kEnd);
    advance(kEnd);
    return std::move(result_);
  }

 private:
  struct Run {
    std::int64_t begin = 0;
    std::int64_t end = 0;  // 0: no run
  };

  void leave(std::vector<const Entity*>& around, std::int64_t offset) {
    while (!around.empty() && around.back()->end() <= offset) {
      const std::size_t before = result_.size();
      advance(around.back()->end());
      if (is_verbatim(around.back()->type))
        result_.erase(result_.begin() + static_cast<std::ptrdiff_t>(before), result_.end());
      around.pop_back();
    }
  }

  void advance(std::int64_t offset) {
    for (; next_ != last_ && next_->offset < offset; ++next_) {
      Run& run = runs_[style_index(next_->type)];
      if (run.end != 0 && next_->offset <= run.end) {
        run.end = std::max(run.end, next_->end());
      } else {
        flush(next_->offset);
        run = {next_->offset, next_->end()};
      }
    }
    flush(offset);
  }

  // Writes what the runs cover before `offset`.
  void flush(std::int64_t offset) {
    for (std::size_t style = 0; style < kStyles.size(); ++style) {
      Run& run = runs_[style];
      if (run.end == 0 || run.begin >= offset) continue;
      const std::int64_t end = std::min(run.end, offset);
      result_.push_back(Entity{.type = std::string(kStyles[style]), .offset = run.begin, .length = end - run.begin});
      run = run.end <= offset ? Run{} : Run{offset, run.end};
    }
  }

  Entities::const_iterator next_;
  Entities::const_iterator last_;
  std::array<Run, kStyles.size()> runs_{};
  Entities result_;
};

Entities put_together(Parts parts) {
  Entities entities = std::move(parts.fixed);
  entities.insert(entities.end(), parts.quotes.begin(), parts.quotes.end());
  sort_entities(entities);
  const Entities styles = StyleCutter().cut(parts.styles, entities);
  entities.insert(entities.end(), styles.begin(), styles.end());
  sort_entities(entities);
  return entities;
}

}  // namespace

bool is_style(std::string_view type) { return style_index(type) != kNoStyle; }

bool is_quote(std::string_view type) { return type == "blockquote" || type == "expandable_blockquote"; }

bool is_sendable(std::string_view type) {
  return is_style(type) || is_quote(type) || is_verbatim(type) || type == "text_link" || type == "text_mention" ||
         type == "custom_emoji";
}

bool entity_order(const Entity& left, const Entity& right) {
  return std::make_tuple(left.offset, -left.length, rank(left), std::string_view(left.type)) <
         std::make_tuple(right.offset, -right.length, rank(right), std::string_view(right.type));
}

void sort_entities(Entities& entities) { std::sort(entities.begin(), entities.end(), entity_order); }

void settle_nesting(Entities& entities) {
  sort_entities(entities);
  Parts parts = take_apart(entities);
  keep_disjoint(parts.fixed);
  keep_disjoint(parts.quotes);
  drop_crossing(parts.fixed, parts.quotes);
  entities = put_together(std::move(parts));
}

void add_found(Entities& entities, Entities found) {
  if (found.empty()) return;
  Parts parts = take_apart(entities);
  drop_crossing(found, parts.quotes);
  std::erase_if(found, [&parts](const Entity& entity) {
    return std::any_of(parts.fixed.begin(), parts.fixed.end(), [&entity](const Entity& fixed) {
      return entity.offset < fixed.end() && fixed.offset < entity.end();
    });
  });
  parts.fixed.insert(parts.fixed.end(), found.begin(), found.end());
  sort_entities(parts.fixed);
  entities = put_together(std::move(parts));
}

void keep_first_hundred(Entities& entities) {
  constexpr std::size_t kMost = 100;  // the server's limit; found entities and custom emoji do not count
  std::size_t count = 0;
  const auto drop = [&](bool styles) {
    std::erase_if(entities, [&count, styles](const Entity& entity) {
      const bool counted = is_sendable(entity.type) && entity.type != "custom_emoji" && is_style(entity.type) == styles;
      return counted && ++count > kMost;
    });
  };
  drop(false);
  drop(true);
}

}  // namespace sandbox
