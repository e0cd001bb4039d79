#pragma once

// The rules that every message's entities obey: sorted; nested or disjoint; code, pre and dates hold nothing and lie in
// nothing but quotes; links and mentions do not overlap; quotes do not nest.

#include "sandbox/entities/entity.hpp"

#include <vector>

namespace sandbox {

bool entity_order(const Entity& left, const Entity& right);  // by offset, longer first, then by kind
void sort_entities(std::vector<Entity>& entities);

// Makes any set of non-empty entities obey the rules: what cannot stay is dropped, styles (bold and its kin) are merged
// and cut where they cross something.
void settle_nesting(std::vector<Entity>& entities);

// Adds found entities where they overlap no link, mention, code or date and cross no quote.
void add_found(std::vector<Entity>& entities, std::vector<Entity> found);

// Telegram keeps about 100 entities that a sender asked for and forgets the rest, styles first.
void keep_first_hundred(std::vector<Entity>& entities);

bool is_style(std::string_view type);  // bold, italic, underline, strikethrough, spoiler
bool is_quote(std::string_view type);
bool is_sendable(std::string_view type);  // what a sender may ask for; the rest is only ever found

}  // namespace sandbox
