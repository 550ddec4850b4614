/* Secrets and crypto addresses: what opens a door, or names an account, by its shape alone. */
#include "text/check_digit.h"
#include "text/identifier_rules.h"

static bool is_key(char c) { /* of base64url tokens */
    return lb_is_word(c) || c == '-';
}

typedef struct prefix {
    const char *text, *kind;
    size_t least; /* characters behind the prefix */
    bool exact;   /* no more than that */
} prefix;

/* The prefixes of the trigger, as their issuers document them. */
static const prefix prefixes[] = {
    {"AKIA", "aws", 16, true},
    {"ASIA", "aws", 16, true},
    {"ghp_", "github", 36, false},
    {"gho_", "github", 36, false},
    {"ghu_", "github", 36, false},
    {"ghs_", "github", 36, false},
    {"ghr_", "github", 36, false},
    {"github_pat_", "github", 22, false},
    {"glpat-", "gitlab", 20, false},
    {"xoxb-", "slack", 20, false},
    {"xoxp-", "slack", 20, false},
    {"xoxa-", "slack", 20, false},
    {"xoxr-", "slack", 20, false},
    {"xoxs-", "slack", 20, false},
    {"sk-", "api key", 20, false},
    {"sk_live_", "stripe", 20, false},
    {"rk_live_", "stripe", 20, false},
    {"AIza", "google", 35, true},
    {"ya29.", "google", 20, false},
    {"hf_", "hugging face", 30, false},
    {"npm_", "npm", 36, true},
    {"pypi-AgEI", "pypi", 50, false},
    {"dop_v1_", "digitalocean", 64, true},
    {"shpat_", "shopify", 32, true},
    {"SG.", "sendgrid", 60, false},
};

/* Random text has digits and letters, and many of them. */
static bool looks_random(lb_str text, double bits) {
    size_t digits = 0, letters = 0;
    for (size_t i = 0; i < text.size; i++) {
        digits += lb_is_digit(text.data[i]);
        letters += lb_is_letter(text.data[i]);
    }
    return digits > 0 && letters > 0 && lb_text_entropy(text) >= bits;
}

void lb_rule_secret_prefix(lb_findings *findings, size_t at) {
    enum { KEY_MAX = 512 };
    lb_str text = findings->text;
    for (size_t i = 0; i < sizeof prefixes / sizeof *prefixes; i++) {
        const prefix *p = &prefixes[i];
        size_t size = strlen(p->text), start = at - size, end = at;
        if (size > at || memcmp(text.data + start, p->text, size) != 0 ||
            is_key(lb_byte_at(text, start - 1)))
            continue;
        bool dotted = p->text[size - 1] == '.';
        while (end < text.size && end - at < KEY_MAX &&
               (is_key(text.data[end]) || (dotted && text.data[end] == '.')))
            end++;
        while (end > at && (text.data[end - 1] == '-' || text.data[end - 1] == '.'))
            end--;
        lb_str key = {text.data + at, end - at};
        if (key.size < p->least || (p->exact && key.size != p->least) || !looks_random(key, 3.0))
            continue;
        lb_findings_add(findings, LB_IDENTIFIER_SECRET, p->kind, start, end);
        return;
    }
}

/* "-----BEGIN RSA PRIVATE KEY-----"; the block to its end line, as far as it is there. */
void lb_rule_pem(lb_findings *findings, size_t at) {
    enum { LABEL_MAX = 40, BLOCK_MAX = 16384 };
    lb_str text = findings->text;
    if (at <= findings->mark)
        return;
    size_t end = at;
    while (end < text.size && end - at < LABEL_MAX &&
           (lb_is_upper(text.data[end]) || lb_is_digit(text.data[end]) || text.data[end] == ' '))
        end++;
    lb_str label = {text.data + at, end - at};
    bool secret = false;
    for (size_t i = 0; i + 11 <= label.size; i++)
        secret = secret || memcmp(label.data + i, "PRIVATE KEY", 11) == 0;
    if (!secret || !lb_text_has(text, end, "-----"))
        return;
    size_t start = at - 11, limit = end + BLOCK_MAX < text.size ? end + BLOCK_MAX : text.size;
    end += 5;
    for (size_t i = end; i + 9 <= limit; i++)
        if (text.data[i] == '-' && memcmp(text.data + i, "-----END ", 9) == 0) {
            end = i + 9 + label.size + 5;
            end = end < text.size ? end : text.size;
            break;
        }
    findings->mark = end;
    lb_findings_add(findings, LB_IDENTIFIER_SECRET, "pem", start, end);
}

/* Three parts in base64url; the first says {"alg": ..., the trigger is its beginning. */
void lb_rule_jwt(lb_findings *findings, size_t at) {
    enum { PART_MAX = 8192, TRIGGER = 3, LEAST = 8 };
    lb_str text = findings->text;
    size_t start = at - TRIGGER, end = start, part = start, parts = 0;
    if (at <= findings->mark || is_key(lb_byte_at(text, start - 1)))
        return;
    for (; end < text.size && end - start < PART_MAX; end++) {
        if (text.data[end] == '.' && end - part >= LEAST && parts < 2) {
            parts++;
            part = end + 1;
        } else if (!is_key(text.data[end]))
            break;
    }
    findings->mark = end;
    if (parts == 2 && end - part >= LEAST)
        lb_findings_add(findings, LB_IDENTIFIER_SECRET, "jwt", start, end);
}

/* password: ..., "api_key" = "...". The trigger ends behind the sign. */
void lb_rule_secret_word(lb_findings *findings, size_t at) {
    enum { VALUE_MAX = 200, BLANKS_MAX = 3 };
    static const char *const passwords[] = {"password", "passwd", "pwd", "passphrase", NULL};
    static const double word_bits = 2.7, key_bits = 3.5;
    lb_str text = findings->text;
    size_t start = at;
    while (start < text.size && start - at < BLANKS_MAX &&
           (text.data[start] == ' ' || text.data[start] == '"' || text.data[start] == '\'' ||
            text.data[start] == '`'))
        start++;
    size_t end = start;
    bool code = false; /* an expression, a template or a path, not a value */
    while (end < text.size && end - start < VALUE_MAX && !lb_is_space(text.data[end]) &&
           !strchr("\"'`,;&", text.data[end] ? text.data[end] : ',')) {
        code = code || strchr("(){}[]<>", text.data[end]) || (unsigned char)text.data[end] >= 0x80;
        end++;
    }
    while (end > start && strchr(".!?:", text.data[end - 1]))
        end--;
    lb_str value = {text.data + start, end - start};
    if (code || value.size < 8 || value.size >= VALUE_MAX || strchr("$%*/.~", value.data[0]) ||
        lb_text_has(value, 0, "http"))
        return;
    bool password = lb_word_before(text, at, 24, passwords);
    if (password ? looks_random(value, word_bits)
                 : value.size >= 16 && looks_random(value, key_bits))
        lb_findings_add(findings, LB_IDENTIFIER_SECRET, password ? "password" : "key", start, end);
}

void lb_rule_base58(lb_findings *findings, size_t at) {
    enum { LEAST = 26, MOST = 35 };
    lb_str text = findings->text;
    if (at <= findings->mark)
        return;
    size_t start = at, end = at;
    while (start > 0 && at - start <= MOST && lb_is_alnum(text.data[start - 1]))
        start--;
    while (end < text.size && end - at <= MOST && lb_is_alnum(text.data[end]))
        end++;
    findings->mark = end;
    if (end - start >= LEAST && end - start <= MOST && lb_byte_at(text, start - 1) != '_' &&
        (text.data[start] == '1' || text.data[start] == '3') &&
        lb_check_base58((lb_str){text.data + start, end - start}))
        lb_findings_add(findings, LB_IDENTIFIER_CRYPTO, "base58check", start, end);
}

void lb_rule_bech32(lb_findings *findings, size_t at) {
    enum { MOST = 90, TRIGGER_MAX = 12 };
    lb_str text = findings->text;
    if (at <= findings->mark)
        return;
    size_t start = at, end = at;
    while (start > 0 && at - start <= TRIGGER_MAX && lb_is_alnum(text.data[start - 1]))
        start--;
    while (end < text.size && end - start <= MOST && lb_is_alnum(text.data[end]))
        end++;
    findings->mark = end;
    if (end - start <= MOST && at - start <= TRIGGER_MAX && lb_byte_at(text, start - 1) != '_' &&
        lb_check_bech32((lb_str){text.data + start, end - start}))
        lb_findings_add(findings, LB_IDENTIFIER_CRYPTO, "bech32", start, end);
}
