#include "sandbox/entities/domains.hpp"

#include "sandbox/entities/unicode.hpp"

#include <algorithm>
#include <array>

namespace sandbox {
namespace {

// Countries, two letters each.
constexpr std::string_view kCountries =
    " ac ad ae af ag ai al am ao aq ar as at au aw ax az ba bb bd be bf bg bh bi bj bm bn bo br bs bt bw by bz ca cc "
    "cd "
    "cf cg ch ci ck cl cm cn co cr cu cv cw cx cy cz de dj dk dm do dz ec ee eg er es et eu fi fj fk fm fo fr ga gb gd "
    "ge gf gg gh gi gl gm gn gp gq gr gs gt gu gw gy hk hm hn hr ht hu id ie il im in io iq ir is it je jm jo jp ke kg "
    "kh ki km kn kp kr kw ky kz la lb lc li lk lr ls lt lu lv ly ma mc md me mg mh mk ml mm mn mo mp mq mr ms mt mu mv "
    "mw mx my mz na nc ne nf ng ni nl no np nr nu nz om pa pe pf pg ph pk pl pm pn pr ps pt pw py qa re ro rs ru rw sa "
    "sb sc sd se sg sh si sj sk sl sm sn so sr ss st su sv sx sy sz tc td tf tg th tj tk tl tm tn to tr tt tv tw tz ua "
    "ug uk us uy uz va vc ve vg vi vn vu wf ws ye yt za zm zw ";

// The endings that people meet; the real server knows some thousand more.
constexpr std::string_view kGeneral =
    " academy agency app arpa art asia auction audio auto band bank bar beer bet bid bike bingo bio biz black blog "
    "blue "
    "bot boutique box build business buzz cab cafe camera camp capital car cards care cars casa cash casino cat center "
    "ceo chat cheap church city claims cleaning click clinic cloud club coach codes coffee college com community "
    "company "
    "computer consulting contact cool coop country coupons courses credit cruises dance date dating day deals delivery "
    "design dev diamonds diet digital direct directory discount dog domains download earth eco edu education email "
    "energy engineer engineering events exchange expert express fail faith family fans farm fashion film finance "
    "financial fish fit flights florist flowers fm foo football forum foundation fun fund furniture fyi gallery game "
    "games garden gay gift gifts gives glass global gmail gold golf google gov graphics gratis green group guide "
    "guitars "
    "guru hair health help here holdings holiday home hospital host hosting hotel house how icu inc industries info "
    "ing "
    "ink institute insurance insure int international investments jewelry jobs kitchen land law lawyer legal life link "
    "live loan loans lol london love ltd luxury maison management map market marketing media meme memorial men menu "
    "mil "
    "mobi moda moe mom money monster moscow motorcycles mov movie museum music name net network new news ninja now "
    "one onion online org organic page paris partners parts party pet pharmacy phone photo photography photos pics "
    "pictures pink pizza place play plus poker porn post press pro prod productions promo properties property pub race "
    "racing radio realty recipes red rehab rent rentals repair report rest restaurant review reviews rich rip rocks "
    "run "
    "sale salon school science search security services sex sexy shoes shop shopping show singles site ski soccer "
    "social "
    "software solar solutions space sport store stream studio study style supplies supply support surf surgery systems "
    "tattoo tax taxi team tech technology tel tennis theater tickets tips tires today ton tools top tours town toys "
    "trade trading training travel tube university vacations ventures vet video villas vin vip vision vodka vote "
    "voting "
    "voyage watch web webcam website wedding wiki win wine work works world wow wtf xxx xyz yoga you youtube zip zone ";

constexpr std::array<std::string_view, 14> kOtherScripts = {"бг",  "бел",    "дети",   "ею",  "католик", "ком", "мкд",
                                                            "мон", "москва", "онлайн", "орг", "рус",     "рф",  "укр"};

bool is_listed(std::string_view list, const std::string& word) {
  return list.find(' ' + word + ' ') != std::string_view::npos;
}

}  // namespace

bool is_known_ending(std::string_view top_level_domain) {
  const std::string lower = ascii_lower(top_level_domain);
  if (lower.find(' ') != std::string::npos || lower.empty()) return false;
  if (std::find(kOtherScripts.begin(), kOtherScripts.end(), lower) != kOtherScripts.end()) return true;
  // "Com" and "COM" count, "cOM" does not.
  const bool mixed = lower != top_level_domain && lower.front() == top_level_domain.front();
  return !mixed && is_listed(lower.size() == 2 ? kCountries : kGeneral, lower);
}

}  // namespace sandbox
