/* Addresses of the network: e-mail, handles, URLs that name a user, IP and MAC. */
#include <arpa/inet.h>

#include "text/identifier_rules.h"

enum { LOCAL_MAX = 64, DOMAIN_MAX = 253, LABEL_MAX = 63 };

static bool is_local(char c) { /* of an addr-spec, as people really have them */
    return lb_is_alnum(c) || (c && strchr("._%+-'&=~", c));
}

/* The end of a host name that starts at `at`: labels of ASCII letters, digits and hyphens, or of
 * other scripts, the last of letters only. `at` where there is none. */
static size_t host_end(lb_str text, size_t at) {
    size_t end = at, last = at, labels = 0;
    while (end < text.size && end - at <= DOMAIN_MAX) {
        size_t start = end;
        bool ascii = (unsigned char)text.data[start] < 0x80;
        while (end < text.size && end - start <= LABEL_MAX &&
               (ascii ? lb_is_alnum(text.data[end]) || text.data[end] == '-'
                      : (unsigned char)text.data[end] >= 0x80))
            end++;
        if (ascii)
            while (end > start && text.data[end - 1] == '-')
                end--;
        if (end == start || end - start > LABEL_MAX)
            break;
        last = start;
        labels++;
        if (lb_byte_at(text, end) != '.' || end + 1 >= text.size)
            break;
        char next = text.data[end + 1];
        if (!lb_is_alnum(next) && (unsigned char)next < 0x80)
            break;
        end++;
    }
    if (end > at && lb_byte_at(text, end - 1) == '.')
        end--;
    if (labels < 2 || end < last + 2)
        return at;
    for (size_t i = last; i < end; i++)
        if (!lb_is_letter(text.data[i]) && !(i > last + 3 && lb_text_has(text, last, "xn--")))
            return at;
    return end;
}

/* Endings of files and of units of an operating system, which are written like hosts. */
static bool is_no_domain(lb_str text, size_t start, size_t end) {
    static const char *const endings[] = {
        "png",   "jpg",   "jpeg",   "gif",    "svg",  "webp", "pdf",   "zip",         "service",
        "timer", "mount", "socket", "target", "conf", "log",  "local", "localdomain", "lan",
        "js",    "html",  "css",    "json",   "tar",  "gz",   "deb",   "jar",         NULL};
    while (end > start && text.data[end - 1] == '.')
        end--;
    size_t last = end;
    while (last > start && text.data[last - 1] != '.')
        last--;
    return lb_text_is_one_of(text, last, end, endings);
}

/* The user part of a URL has a rule of its own. */
static bool is_user_of_url(lb_str text, size_t at) {
    enum { USER_MAX = 64 };
    size_t start = at;
    while (start > 0 && at - start < USER_MAX && !lb_is_space(text.data[start - 1]) &&
           text.data[start - 1] != '/')
        start--;
    return start >= 3 && memcmp(text.data + start - 3, "://", 3) == 0;
}

static bool find_email(lb_findings *findings, size_t sign) {
    static const char *const services[] = {"git", "svn", "hg", NULL};
    lb_str text = findings->text;
    size_t start = sign;
    while (start > 0 && sign - start <= LOCAL_MAX && is_local(text.data[start - 1]))
        start--;
    while (start < sign && !lb_is_alnum(text.data[start]) && text.data[start] != '_')
        start++;
    size_t end = host_end(text, sign + 1);
    if (start == sign || sign - start > LOCAL_MAX || end == sign + 1 ||
        text.data[sign - 1] == '.' || is_no_domain(text, sign + 1, end))
        return false;
    if (lb_text_is_one_of(text, start, sign, services))
        return false; /* git@host:path is the address of a repository */
    if (is_user_of_url(text, start))
        return false;
    lb_findings_add(findings, LB_IDENTIFIER_EMAIL, "email", start, end);
    return true;
}

static void find_handle(lb_findings *findings, size_t sign) {
    /* Annotations of programming languages, style sheets and chat rooms. */
    static const char *const words[] = {"override",
                                        "param",
                                        "params",
                                        "return",
                                        "returns",
                                        "throws",
                                        "property",
                                        "staticmethod",
                                        "classmethod",
                                        "abstractmethod",
                                        "dataclass",
                                        "pytest",
                                        "media",
                                        "import",
                                        "charset",
                                        "keyframes",
                                        "font",
                                        "supports",
                                        "page",
                                        "include",
                                        "mixin",
                                        "extend",
                                        "everyone",
                                        "here",
                                        "channel",
                                        "all",
                                        "home",
                                        "work",
                                        "autowired",
                                        "component",
                                        "controller",
                                        "service",
                                        "repository",
                                        "bean",
                                        "entity",
                                        "test",
                                        "before",
                                        "after",
                                        "suppresswarnings",
                                        "deprecated",
                                        "nullable",
                                        "notnull",
                                        "author",
                                        "see",
                                        "since",
                                        "version",
                                        "link",
                                        "code",
                                        "interface",
                                        "implementation",
                                        "end",
                                        "synthesize",
                                        "selector",
                                        "string",
                                        "echo",
                                        "rem",
                                        "if",
                                        "for",
                                        "foreach",
                                        "section",
                                        "app",
                                        "types",
                                        "type",
                                        "tailwind",
                                        "apply",
                                        "layer",
                                        "gmail",
                                        "hotmail",
                                        "yahoo",
                                        "input",
                                        "output",
                                        "viewchild",
                                        "injectable",
                                        "ngmodule",
                                        "data",
                                        "id",
                                        "column",
                                        "table",
                                        "state",
                                        "published",
                                        "main",
                                        "objc",
                                        "escaping",
                                        "available",
                                        "decorator",
                                        "wraps",
                                        "functools",
                                        "jit",
                                        "njit",
                                        "tf",
                                        "torch",
                                        "client",
                                        "bot",
                                        "route",
                                        "get",
                                        "post",
                                        "put",
                                        "delete",
                                        "requestmapping",
                                        "getmapping",
                                        "postmapping",
                                        "ref",
                                        "todo",
                                        "internal",
                                        "private",
                                        "public",
                                        "default",
                                        "example",
                                        "private",
                                        "static",
                                        "constructor",
                                        "license",
                                        "brief",
                                        "file",
                                        NULL};
    enum { HANDLE_MAX = 40 };
    lb_str text = findings->text;
    char before = lb_byte_at(text, sign - 1), first = lb_byte_at(text, sign + 1);
    if (sign > 0 && !lb_is_space(before) && !strchr("([{\"',.:;!?*>|", before) &&
        (unsigned char)before < 0x80)
        return;
    if (!lb_is_letter(first) && first != '_')
        return;
    size_t end = sign + 1;
    while (end < text.size && end - sign <= HANDLE_MAX &&
           (lb_is_word(text.data[end]) || text.data[end] == '-'))
        end++;
    while (text.data[end - 1] == '-')
        end--;
    char after = lb_byte_at(text, end), next = lb_byte_at(text, end + 1);
    bool attached = after == '/' || after == '(' || after == '@' || after == '=' ||
                    ((after == '.' || after == ':') && lb_is_word(next));
    if (end - sign - 1 < 3 || end - sign > HANDLE_MAX || attached ||
        lb_text_is_one_of(text, sign + 1, end, words))
        return;
    lb_findings_add(findings, LB_IDENTIFIER_HANDLE, "handle", sign, end);
}

void lb_rule_at_sign(lb_findings *findings, size_t at) {
    size_t sign = at - 1;
    if (!find_email(findings, sign))
        find_handle(findings, sign);
}

static bool ends_url(char c) {
    return !c || lb_is_space(c) || strchr("<>\"'`{}|\\^[]", c);
}

/* scheme://user@host, scheme://user:password@host */
void lb_rule_url_user(lb_findings *findings, size_t at) {
    static const char *const services[] = {"git",  "svn",      "hg", "anonymous",
                                           "user", "username", NULL};
    enum { AUTHORITY_MAX = 320, SCHEME_MAX = 16 };
    lb_str text = findings->text;
    size_t start = at - 3, end = at, sign = 0;
    while (start > 0 && at - start < SCHEME_MAX && lb_is_alnum(text.data[start - 1]))
        start--;
    while (end < text.size && end - at < AUTHORITY_MAX && !ends_url(text.data[end]) &&
           !strchr("/?#", text.data[end])) {
        if (text.data[end] == '@')
            sign = end;
        end++;
    }
    if (sign <= at || start + 3 == at || end == sign + 1)
        return;
    const char *colon = memchr(text.data + at, ':', sign - at);
    size_t user_end = colon ? (size_t)(colon - text.data) : sign;
    if (user_end == at || (!colon && lb_text_is_one_of(text, at, user_end, services)))
        return;
    for (size_t i = at; i < user_end; i++)
        if (!is_local(text.data[i]))
            return;
    if (!lb_is_alnum(text.data[sign + 1]))
        return;
    lb_findings_add(findings, LB_IDENTIFIER_URL_USER, colon ? "user and password" : "user part",
                    start, end);
}

/* Sites whose pages of people stand under PREFIX + name. The trigger names the site's host. */
static const struct site {
    const char *host, *prefix;
} sites[] = {
    {"github.com/", ""},
    {"gitlab.com/", ""},
    {"twitter.com/", ""},
    {"x.com/", ""},
    {"instagram.com/", ""},
    {"facebook.com/", ""},
    {"fb.com/", ""},
    {"linkedin.com/", "in/"},
    {"reddit.com/", "user/"},
    {"reddit.com/", "u/"},
    {"t.me/", ""},
    {"tiktok.com/", "@"},
    {"youtube.com/", "@"},
    {"youtube.com/", "user/"},
    {"youtube.com/", "c/"},
    {"medium.com/", "@"},
    {"vk.com/", ""},
    {"launchpad.net/", "~"},
    {"keybase.io/", ""},
    {"steamcommunity.com/", "id/"},
    {"wa.me/", ""},
    {"steamcommunity.com/", "profiles/"},
    {"paypal.me/", ""},
    {"last.fm/", "user/"},
    {"about.me/", ""},
    {"stackoverflow.com/", "users/"},
    {"flickr.com/", "people/"},
    {"flickr.com/", "photos/"},
    {"linktr.ee/", ""},
};

static bool is_name(char c) {
    return lb_is_word(c) || c == '-' || c == '.';
}

void lb_rule_profile(lb_findings *findings, size_t at) {
    /* What stands where a name would. */
    static const char *const pages[] = {"about",       "login",
                                        "signup",      "join",
                                        "search",      "explore",
                                        "home",        "settings",
                                        "share",       "sharer",
                                        "groups",      "events",
                                        "watch",       "pages",
                                        "hashtag",     "intent",
                                        "i",           "p",
                                        "reel",        "reels",
                                        "tv",          "stories",
                                        "features",    "topics",
                                        "orgs",        "pricing",
                                        "blog",        "help",
                                        "joinchat",    "joinlink",
                                        "s",           "c",
                                        "dialog",      "plugins",
                                        "tr",          "photo",
                                        "photos",      "video",
                                        "videos",      "wall",
                                        "feed",        "trending",
                                        "security",    "marketplace",
                                        "apps",        "contact",
                                        "terms",       "privacy",
                                        "download",    "downloads",
                                        "robots",      "index",
                                        "status",      "legal",
                                        "tos",         "policies",
                                        "public",      "sponsors",
                                        "collections", "readme",
                                        "new",         "notifications",
                                        "issues",      "pulls",
                                        "addstickers", "iv",
                                        "proxy",       "socks",
                                        "api",         "www",
                                        "com",         NULL};
    enum { NAME_MAX = 60, HOST_MAX = 24 };
    lb_str text = findings->text;
    for (size_t s = 0; s < sizeof sites / sizeof *sites; s++) {
        size_t host = strlen(sites[s].host);
        if (host > at || !lb_text_has(text, at - host, sites[s].host))
            continue;
        size_t start = at - host;
        while (start > 0 && at - start < HOST_MAX &&
               (lb_is_alnum(text.data[start - 1]) || text.data[start - 1] == '.'))
            start--; /* www. and languages */
        if (start < at - host && text.data[at - host - 1] != '.')
            continue; /* the end of another host's name */
        if (!lb_text_has(text, at, sites[s].prefix))
            continue;
        size_t name = at + strlen(sites[s].prefix), end = name;
        while (end < text.size && end - name <= NAME_MAX && is_name(text.data[end]))
            end++;
        while (end > name && (text.data[end - 1] == '.' || text.data[end - 1] == '-'))
            end--;
        size_t next = end + (lb_byte_at(text, end) == '/');
        bool deeper = next > end && next < text.size && is_name(text.data[next]);
        bool project = deeper && sites[s].host[0] == 'g' && sites[s].host[1] == 'i';
        if (end - name < 2 || end - name > NAME_MAX || project ||
            (sites[s].prefix[0] == '\0' && lb_text_is_one_of(text, name, end, pages)) ||
            memchr(text.data + name, '.', end - name) == text.data + name)
            continue;
        lb_findings_add(findings, LB_IDENTIFIER_URL_USER, "profile", start, end);
        return;
    }
}

/* http://host/~user, https://host/@user */
void lb_rule_personal_path(lb_findings *findings, size_t at) {
    enum { URL_MAX = 256, NAME_MAX = 60 };
    lb_str text = findings->text;
    size_t start = at - 2, end = at;
    while (start > 0 && at - start < URL_MAX && !ends_url(text.data[start - 1]) &&
           text.data[start - 1] != '(')
        start--;
    if (!lb_text_has(text, start, "http://") && !lb_text_has(text, start, "https://") &&
        !lb_text_has(text, start, "www."))
        return;
    while (end < text.size && end - at <= NAME_MAX && is_name(text.data[end]))
        end++;
    while (end > at && (text.data[end - 1] == '.' || text.data[end - 1] == '-'))
        end--;
    if (end - at < 2 || end - at > NAME_MAX ||
        (text.data[at - 1] == '@' && lb_byte_at(text, end) == '/' &&
         lb_text_has(text, start, "https://unpkg")))
        return;
    lb_findings_add(findings, LB_IDENTIFIER_URL_USER, "personal page", start, end);
}

/* Special-purpose addresses (IANA registry), and the resolvers that everybody names. */
static bool names_nobody(uint32_t ip) {
    static const struct {
        uint32_t base;
        unsigned bits;
    } ranges[] = {
        {0x00000000, 8},  {0x0A000000, 8},  {0x64400000, 10}, {0x7F000000, 8},  {0xA9FE0000, 16},
        {0xAC100000, 12}, {0xC0000000, 24}, {0xC0000200, 24}, {0xC0586300, 24}, {0xC0A80000, 16},
        {0xC6120000, 15}, {0xC6336400, 24}, {0xCB007100, 24}, {0xE0000000, 3},  {0x08080808, 32},
        {0x08080404, 32}, {0x01010101, 32}, {0x01000001, 32}, {0x09090909, 32}, {0x04020200, 24},
        {0xD043DEDE, 32}, {0xD043DCDC, 32},
    };
    for (size_t i = 0; i < sizeof ranges / sizeof *ranges; i++)
        if ((ip ^ ranges[i].base) >> (32 - ranges[i].bits) == 0)
            return true;
    return false;
}

void lb_rule_ipv4(lb_findings *findings, size_t at) {
    static const char *const versions[] = {"version", "ver",    "release", "build", "kernel",
                                           "driver",  "update", "section", "v",     NULL};
    static const char *const hosts[] = {"ip",   "addr", "host",    "ping", "ssh",  "server",
                                        "from", "dns",  "gateway", "inet", "http", NULL};
    enum { REACH = 16 };
    lb_str text = findings->text;
    size_t end = at;
    while (end < text.size && end - at < 3 && lb_is_digit(text.data[end]))
        end++;
    size_t start = at;
    while (start > 0 && at - start < 16 &&
           (lb_is_digit(text.data[start - 1]) || text.data[start - 1] == '.'))
        start--;
    if (end <= findings->mark)
        return;
    findings->mark = end;
    char token[INET_ADDRSTRLEN];
    unsigned char octets[4];
    if (end - start >= sizeof token)
        return;
    memcpy(token, text.data + start, end - start);
    token[end - start] = '\0';
    if (inet_pton(AF_INET, token, octets) != 1)
        return;
    uint32_t ip = 0;
    bool small = true;
    for (size_t i = 0; i < sizeof octets; i++) {
        ip = ip << 8 | octets[i];
        small = small && octets[i] < 100;
    }
    char before = lb_byte_at(text, start - 1), after = lb_byte_at(text, end);
    char next = lb_byte_at(text, end + 1);
    if (lb_is_word(before) || before == '-' || before == '+' || before == '~' ||
        lb_is_word(after) ||
        ((after == '.' || after == '-' || after == '+' || after == '~') && lb_is_alnum(next)))
        return;
    if (names_nobody(ip) || lb_word_before(text, start, REACH, versions))
        return;
    /* Four small numbers are far more often a version than one of the few such addresses. */
    if (small && !(after == ':' && lb_is_digit(next)) && !lb_word_before(text, start, REACH, hosts))
        return;
    lb_findings_add(findings, LB_IDENTIFIER_IP, "ipv4", start, end);
}

void lb_rule_ipv6(lb_findings *findings, size_t at) {
    static const char resolvers[][24] = {"2001:4860:4860::8888", "2001:4860:4860::8844",
                                         "2606:4700:4700::1111", "2606:4700:4700::1001",
                                         "2620:fe::fe"};
    enum { LONGEST = 39 };
    lb_str text = findings->text;
    if (at <= findings->mark)
        return;
    size_t start = at, end = at;
    while (start > 0 && at - start <= LONGEST &&
           (lb_is_alnum(text.data[start - 1]) || text.data[start - 1] == ':'))
        start--;
    while (end < text.size && end - at <= LONGEST &&
           (lb_is_alnum(text.data[end]) || text.data[end] == ':'))
        end++;
    findings->mark = end;
    while (end > start && text.data[end - 1] == ':' && !(end >= 2 && text.data[end - 2] == ':'))
        end--;
    char token[LONGEST + 1];
    if (end - start > LONGEST || end - start < 4)
        return;
    memcpy(token, text.data + start, end - start);
    token[end - start] = '\0';
    unsigned char address[16], resolver[16];
    if (inet_pton(AF_INET6, token, address) != 1 || lb_byte_at(text, start - 1) == '_' ||
        lb_byte_at(text, end) == '_')
        return;
    bool global = address[0] >> 5 == 1; /* 2000::/3 */
    bool documentation =
        (address[0] == 0x20 && address[1] == 0x01 && address[2] == 0x0d && address[3] == 0xb8) ||
        (address[0] == 0x3f && address[1] == 0xff && address[2] < 0x10);
    for (size_t i = 0; i < sizeof resolvers / sizeof *resolvers; i++)
        if (inet_pton(AF_INET6, resolvers[i], resolver) == 1 && memcmp(address, resolver, 16) == 0)
            return;
    if (global && !documentation && strlen(token) >= 6)
        lb_findings_add(findings, LB_IDENTIFIER_IP, "ipv6", start, end);
}

void lb_rule_mac(lb_findings *findings, size_t at) {
    enum { SIZE = 17 };
    lb_str text = findings->text;
    if (at < SIZE)
        return;
    size_t start = at - SIZE;
    const char *mac = text.data + start;
    char separator = mac[2], before = lb_byte_at(text, start - 1), after = lb_byte_at(text, at);
    if (lb_is_word(before) || lb_is_word(after) ||
        ((before == separator || after == separator) &&
         lb_is_alnum(lb_byte_at(text, before == separator ? start - 2 : at + 1))))
        return;
    unsigned bytes[6], all = 0;
    for (size_t i = 0; i < 6; i++) {
        if (i < 5 && mac[3 * i + 2] != separator)
            return;
        char hex[3] = {mac[3 * i], mac[3 * i + 1], '\0'};
        bytes[i] = 0;
        for (size_t k = 0; k < 2; k++)
            bytes[i] = bytes[i] << 4 |
                       (unsigned)(lb_is_digit(hex[k]) ? hex[k] - '0' : (hex[k] | 32) - 'a' + 10);
        all |= bytes[i];
    }
    bool letters =
        memcmp(bytes, (unsigned[]){0xAA, 0xBB, 0xCC, 0xDD, 0xEE, 0xFF}, sizeof bytes) == 0;
    bool group = bytes[0] & 1; /* multicast and broadcast */
    bool documentation =
        bytes[0] == 0 && bytes[1] == 0 && bytes[2] == 0x5E && bytes[3] == 0 && bytes[4] == 0x53;
    if (!group && !documentation && !letters && all != 0)
        lb_findings_add(findings, LB_IDENTIFIER_MAC, "mac", start, at);
}
