#include <stdlib.h>

#include "base/buffer.h"
#include "corpus/guess.h"
#include "corpus/role.h"
#include "corpus/source.h"

/* Names by which data sets call their fields, best first. Compared without regard to ASCII case and
 * to the marks _ - . and blank. */
static const char *const names[LB_KEYS][32] = {
    [LB_SLOT_USER] = {"user",         "userid",   "userhash",    "hasheduser",  "hashedip",
                      "author",       "authorid", "speaker",     "speakerid",   "nick",
                      "nickname",     "username", "sender",      "senderid",    "sendername",
                      "from",         "fromid",   "owneruserid", "participant", "participantid",
                      "respondentid", "workerid", "personid",    "customerid",  "clientid",
                      "screenname",   "judge",    "account",     "accountid",   "handle"},
    [LB_SLOT_CONVERSATION] = {"conversation", "conversationid", "conversationhash", "thread",
                              "threadid",     "threadts",       "dialogue",         "dialogueid",
                              "dialog",       "dialogid",       "chatid",           "sessionid",
                              "session",      "channel",        "channelid",        "room",
                              "roomid",       "topicid",        "parentid",         "messagetreeid",
                              "root"},
    [LB_SLOT_MESSAGE] = {"messageid", "msgid", "utteranceid", "postid", "commentid", "tweetid",
                         "uuid", "id"},
    [LB_SLOT_REPLY_TO] = {"replyto", "replytoid", "inreplyto", "inreplytoid", "replytomessageid",
                          "parentmessageid"},
    [LB_SLOT_ROLE] = {"role", "from", "sender", "speaker", "author", "type"},
    [LB_SLOT_TIME] = {"time", "timestamp", "createdat", "createdutc", "creationdate", "createddate",
                      "createtime", "datetime", "date", "sentat", "tstamp", "ts", "timestampms"},
    [LB_SLOT_TEXT] = {"text", "content", "message", "messagetext", "body", "utterance", "value",
                      "msg", "post", "comment", "tweet", "prompt", "usertext", "sentence",
                      "text()"},
};

static bool is_mark(char c) {
    return c == '_' || c == '-' || c == '.' || c == ' ' || c == '@';
}

/* Goes on in `plain` by the letters of `name`; NULL: they differ. */
static const char *spell(lb_str name, const char *plain) {
    for (size_t i = 0; i < name.size; i++) {
        char c = name.data[i];
        if (is_mark(c))
            continue;
        if (c >= 'A' && c <= 'Z')
            c = (char)(c + 32);
        if (c != *plain++)
            return NULL;
    }
    return plain;
}

static bool is_called(lb_str name, const char *plain) {
    const char *end = spell(name, plain);
    return end && *end == '\0';
}

/* A field goes by its last name, or by its last two: author.id is an authorid. */
static bool goes_by(const lb_field *field, const char *plain) {
    lb_path path = field->path;
    const lb_step *last = &path.steps[path.count - 1];
    if (last->kind != LB_STEP_FIELD ||
        (path.count > 1 && lb_str_equal(last->name, LB_STR("text()"))))
        return false;
    if (is_called(last->name, plain))
        return true;
    if (path.count < 2 || last[-1].kind != LB_STEP_FIELD)
        return false;
    const char *rest = spell(last[-1].name, plain);
    return rest && is_called(last->name, rest);
}

static bool holds_roles(const lb_field *field) {
    uint64_t values = field->strings;
    return values > 0 && field->roles * 10 >= values * 9 && field->distinct <= 8;
}

static bool suits(const lb_field *field, size_t slot) {
    uint64_t scalars = field->strings + field->numbers + field->booleans;
    switch (slot) {
    case LB_SLOT_ROLE:
        return holds_roles(field);
    case LB_SLOT_TIME:
        return field->times > 0 && field->times * 2 >= scalars;
    case LB_SLOT_TEXT:
        return field->strings > 0 || (field->containers > 0 && field->path.count > 1);
    case LB_SLOT_USER:
        return field->strings + field->numbers > 0 && !holds_roles(field);
    default:
        return field->strings + field->numbers > 0;
    }
}

/* An id belongs to the message only if it stands beside the text. */
static bool stands_beside(const lb_field *field, const lb_field *text) {
    return text && field->path.count == text->path.count &&
           lb_path_begins(text->path, (lb_path){field->path.steps, field->path.count - 1});
}

static size_t iterations(lb_path path) {
    size_t count = 0;
    for (size_t i = 0; i < path.count; i++)
        count += path.steps[i].kind != LB_STEP_FIELD;
    return count;
}

/* A field inside an array can stand for a message's only where the text is in the same array. */
static bool is_reachable(const lb_field *field, const lb_field *text) {
    size_t last = 0;
    for (size_t i = 0; i < field->path.count; i++)
        if (field->path.steps[i].kind != LB_STEP_FIELD)
            last = i + 1;
    return last == 0 || (text && lb_path_begins(text->path, (lb_path){field->path.steps, last}));
}

/* Least is best: deep in the record counts for little, the place in the list of names for more. A
 * user of the turn is better than one of the record. */
static const lb_field *best_field(const lb_catalogue *catalogue, size_t slot,
                                  const lb_field *text) {
    size_t count;
    const lb_field *fields = lb_catalogue_fields(catalogue, &count), *best = NULL;
    size_t least = SIZE_MAX;
    for (size_t i = 0; i < count; i++) {
        const lb_field *field = &fields[i];
        if (!suits(field, slot) || iterations(field->path) > 1 || field->path.count > 4 ||
            (slot != LB_SLOT_TEXT && !is_reachable(field, text)))
            continue;
        if ((slot == LB_SLOT_MESSAGE || slot == LB_SLOT_REPLY_TO) && !stands_beside(field, text))
            continue;
        size_t rank = 0;
        while (names[slot][rank] && !goes_by(field, names[slot][rank]))
            rank++;
        if (!names[slot][rank])
            continue;
        size_t cost = rank * 8 + field->path.count * 16;
        if (cost < least) {
            least = cost;
            best = field;
        }
    }
    return best;
}

int lb_guess(lb_source_state *source, lb_arena *arena, lb_error *error) {
    static const lb_slot order[] = {LB_SLOT_TEXT,         LB_SLOT_ROLE,    LB_SLOT_USER,
                                    LB_SLOT_CONVERSATION, LB_SLOT_MESSAGE, LB_SLOT_REPLY_TO,
                                    LB_SLOT_TIME};
    const lb_field *text = NULL;
    lb_mapping_key *keys = source->mapping.keys;
    if (keys[LB_SLOT_TEXT].count > 0) {
        lb_path path;
        int status = lb_path_parse(&path, keys[LB_SLOT_TEXT].paths[0], "--map", arena, error);
        if (status < 0)
            return status;
        text = lb_catalogue_find(source->catalogue, keys[LB_SLOT_TEXT].paths[0], path);
    }
    for (size_t i = 0; i < sizeof order / sizeof *order; i++) {
        lb_mapping_key *key = &keys[order[i]];
        if (key->origin != LB_ORIGIN_NONE)
            continue;
        const lb_field *field = best_field(source->catalogue, order[i], text);
        if (!field)
            continue;
        key->paths[0] = field->name.data;
        key->count = 1;
        key->origin = LB_ORIGIN_GUESSED;
        if (order[i] == LB_SLOT_TEXT)
            text = field;
    }
    return LB_OK;
}

static bool has_name(lb_str name, size_t slot) {
    for (size_t rank = 0; names[slot][rank]; rank++)
        if (is_called(name, names[slot][rank]))
            return true;
    return false;
}

size_t lb_guess_points(const lb_str *columns, size_t count) {
    bool user = false, text = false, time = false;
    for (size_t i = 0; i < count; i++) {
        user = user || has_name(columns[i], LB_SLOT_USER);
        text = text || has_name(columns[i], LB_SLOT_TEXT);
        time = time || has_name(columns[i], LB_SLOT_TIME);
    }
    return 2 * ((size_t)user + text + time);
}

/* How much an element looks like a message: a point for each of user, text and time among its
 * attributes and children. */
static size_t likeness(const lb_field *fields, size_t count, const lb_field *element) {
    bool user = false, text = element->strings > 0, time = false, any = text;
    for (size_t i = 0; i < count; i++) {
        const lb_path path = fields[i].path;
        if (path.count != element->path.count + 1 || !lb_path_begins(path, element->path))
            continue;
        lb_str name = path.steps[path.count - 1].name;
        any = true;
        user = user || has_name(name, LB_SLOT_USER);
        time = time || has_name(name, LB_SLOT_TIME);
        text = text || has_name(name, LB_SLOT_TEXT) || lb_str_equal(name, LB_STR("text()"));
    }
    return any + 2 * ((size_t)user + text + time);
}

const lb_field *lb_guess_record(const lb_catalogue *catalogue) {
    size_t count, most = 0;
    const lb_field *fields = lb_catalogue_fields(catalogue, &count), *best = NULL;
    for (size_t i = 0; i < count; i++) {
        lb_str name = fields[i].path.steps[fields[i].path.count - 1].name;
        if (name.data[0] == '@' || lb_str_equal(name, LB_STR("text()")))
            continue;
        uint64_t times = fields[i].strings + fields[i].containers;
        size_t points = likeness(fields, count, &fields[i]) * 4 + (times > 1);
        if (points > 4 && points > most) {
            most = points;
            best = &fields[i];
        }
    }
    return best;
}
