#include "corpus/mapping/guess_names.h"

#include "base/ascii.h"

enum { SLOTS = LB_SLOT_TEXT + 1, NAMES_MAX = 48, WORDS_MAX = 12, WORD_MAX = 40 };

/* Names by which data sets call their fields, best first. Compared without regard to ASCII case and
 * to the marks _ - . @ and blank. Where a person has an id and a name, the id comes first. */
static const char *const names[SLOTS][NAMES_MAX] = {
    [LB_SLOT_USER] = {"userid",      "useridstr",     "user",         "userhash",  "hasheduser",
                      "hashedip",    "authorid",      "author",       "speakerid", "speaker",
                      "nick",        "nickname",      "username",     "senderid",  "senderuid",
                      "sender",      "sendername",    "fromid",       "from",      "owneruserid",
                      "participant", "participantid", "respondentid", "workerid",  "personid",
                      "customerid",  "clientid",      "screenname",   "judge",     "account",
                      "accountid",   "handle",        "uid",          "by",        "who",
                      "memberid",    "member",        "profileid",    "subjectid", "pseudonym",
                      "person",      "patientid",     "studentid"},
    [LB_SLOT_CONVERSATION] = {"conversation",  "conversationid", "conversationhash",
                              "thread",        "threadid",       "threadts",
                              "dialogue",      "dialogueid",     "dialog",
                              "dialogid",      "chatid",         "sessionid",
                              "linkid",        "ticketid",       "session",
                              "channel",       "channelid",      "room",
                              "roomid",        "topicid",        "parentid",
                              "messagetreeid", "root",           "callid",
                              "caseid",        "cacheroomnames", "scene"},
    [LB_SLOT_MESSAGE] = {"messageid", "msgid", "utteranceid", "postid", "commentid", "tweetid",
                         "eventid", "statusid", "uuid", "id", "idstr", "rowid", "guid"},
    [LB_SLOT_REPLY_TO] = {"replyto", "replytoid", "inreplyto", "inreplytoid", "replytomessageid",
                          "parentmessageid", "inreplytostatusid", "inreplytostatusidstr"},
    [LB_SLOT_ROLE] = {"role", "from", "sender", "speaker", "author", "type"},
    [LB_SLOT_TIME] = {"time", "timestamp", "createdat", "createdutc", "creationdate", "createddate",
                      "createtime", "datetime", "date", "sentat", "tstamp", "ts", "timestampms",
                      "created", "when", "at", "day"},
    [LB_SLOT_TEXT] = {"text", "fulltext", "content", "message", "messagetext", "body", "utterance",
                      "value", "msg", "post", "comment", "tweet", "prompt", "usertext", "sentence",
                      "selftext", "text()"},
};

/* Names that other things have as well. */
static const char *const common_names[SLOTS][NAMES_MAX] = {
    [LB_SLOT_USER] = {"contactname", "address", "name"},
    [LB_SLOT_TEXT] = {"question", "query", "input", "transcript", "line", "title"},
};

/* The words that say it, where a name is known by its words only; also those of some other
 * languages. A word of Chinese, Japanese or Korean counts wherever it stands. */
static const char *const words[SLOTS][72] = {
    [LB_SLOT_USER] = {"user",        "author",       "speaker",     "sender",     "nick",
                      "nickname",    "username",     "participant", "respondent", "worker",
                      "person",      "customer",     "client",      "account",    "handle",
                      "member",      "writer",       "poster",      "owner",      "uid",
                      "from",        "patient",      "student",     "subject",    "commenter",
                      "creator",     "pseudonym",    "benutzer",    "nutzer",     "absender",
                      "autor",       "verfasser",    "sprecher",    "teilnehmer", "auteur",
                      "utilisateur", "expéditeur",   "expediteur",  "usuario",    "usuário",
                      "remitente",   "utente",       "mittente",    "autore",     "gebruiker",
                      "afzender",    "bruker",       "användare",   "avsändare",  "автор",
                      "отправитель", "пользователь", "話者",        "発話者",     "発言者",
                      "送信者",      "投稿者",       "ユーザー",    "ユーザ",     "用户",
                      "用戶",        "作者",         "发送者",      "사용자"},
    [LB_SLOT_CONVERSATION] = {"conversation", "thread",    "dialogue",      "dialog",
                              "chat",         "session",   "channel",       "room",
                              "ticket",       "topic",     "discussion",    "call",
                              "gespräch",     "gesprächs", "unterhaltung",  "kanal",
                              "fil",          "canal",     "conversación",  "conversacion",
                              "conversa",     "hilo",      "chiacchierata", "discussione",
                              "gesprek",      "samtal",    "samtale",       "диалог",
                              "чат",          "беседа",    "会話",          "対話",
                              "スレッド",     "会话",      "會話",          "对话",
                              "대화",         "방"},
    [LB_SLOT_MESSAGE] = {"message", "msg", "utterance", "post", "comment", "tweet", "event", "turn",
                         "nachricht", "nachrichten", "mensaje", "messaggio", "beitrag", "発話",
                         "メッセージ", "消息"},
    [LB_SLOT_TIME] = {"time",     "timestamp", "ts",          "date",    "datetime", "created",
                      "sent",     "posted",    "published",   "written", "received", "when",
                      "day",      "zeit",      "zeitstempel", "uhrzeit", "datum",    "gesendet",
                      "erstellt", "heure",     "horodatage",  "envoi",   "fecha",    "hora",
                      "data",     "tijd",      "tijdstip",    "tid",     "дата",     "время",
                      "日時",     "時刻",      "時間",        "日付",    "时间",     "時間",
                      "日期",     "시간",      "날짜"},
    [LB_SLOT_TEXT] =
        {"text",       "content",       "message",   "msg",      "body",      "utterance",
         "utt",        "post",          "comment",   "tweet",    "prompt",    "sentence",
         "transcript", "transcription", "dialogue",  "line",     "nachricht", "nachrichtentext",
         "inhalt",     "äußerung",      "kommentar", "texte",    "contenu",   "commentaire",
         "mensaje",    "texto",         "contenido", "mensagem", "conteúdo",  "messaggio",
         "testo",      "contenuto",     "bericht",   "inhoud",   "tekst",     "melding",
         "meddelande", "текст",         "сообщение", "発話",     "発言",      "本文",
         "メッセージ", "テキスト",      "内容",      "文本",     "消息",      "메시지",
         "내용",       "본문"},
};

static const char *const key_endings[] = {"id",   "ids",    "uid", "uuid", "guid", "key",
                                          "hash", "hashed", "no",  "nr",   "num",  "number",
                                          "code", "idstr",  "str", NULL};
static const char *const name_endings[] = {"name", "names", "label", "title", "名", NULL};
static const char *const time_endings[] = {"at",  "on",  "utc",  "ms",    "ns",    "sec", "seconds",
                                           "gmt", "iso", "unix", "epoch", "local", NULL};
static const char *const plain_words[] = {
    "raw",   "clean",     "cleaned", "original", "orig",       "full",
    "final", "processed", "masked",  "redacted", "anonymized", "anonymised",
    "anon",  "value",     "hex",     "en",       NULL};

static const char *const attributes[] = {
    "country",  "state",      "region",   "city",       "location",  "lang",   "language",
    "locale",   "gender",     "sex",      "age",        "education", "model",  "version",
    "type",     "status",     "category", "platform",   "device",    "os",     "browser",
    "source",   "score",      "rating",   "label",      "emotion",   "intent", "sentiment",
    "split",    "flag",       "toxic",    "count",      "subreddit", "race",   "ethnicity",
    "religion", "occupation", "job",      "class",      "group",     "level",  "kind",
    "topic",    "tag",        "tags",     "score",      "act",       "turn",   "role",
    "land",     "sprache",    "alter",    "geschlecht", "pays",      "langue", "país",
    "idioma",   "edad",       "年齢",     "性別",       "国",        "言語",   NULL};

static bool is_mark(char c) {
    return c == '_' || c == '-' || c == '.' || c == ' ' || c == '@';
}

/* Goes on in `plain` by the letters of `name`; NULL: they differ. */
static const char *spell(lb_str name, const char *plain) {
    for (size_t i = 0; i < name.size; i++)
        if (!is_mark(name.data[i]) && lb_to_lower(name.data[i]) != *plain++)
            return NULL;
    return plain;
}

static bool is_called(lb_str name, const char *plain) {
    const char *end = spell(name, plain);
    return end && *end == '\0';
}

/* A field goes by its last name, or by its last two: author.id is an authorid. */
static bool goes_by(lb_path path, const char *plain) {
    const lb_step *last = &path.steps[path.count - 1];
    if (path.count > 1 && lb_str_equal(last->name, LB_STR("text()")))
        return false;
    if (is_called(last->name, plain))
        return true;
    if (path.count < 2 || last[-1].kind != LB_STEP_FIELD)
        return false;
    const char *rest = spell(last[-1].name, plain);
    return rest && is_called(last->name, rest);
}

static size_t rank_in(const char *const *list, lb_path path) {
    for (size_t rank = 0; rank < NAMES_MAX && list[rank]; rank++)
        if (goes_by(path, list[rank]))
            return rank;
    return SIZE_MAX;
}

/* Is the name known as a whole, and at what cost? */
static bool is_known(lb_path path, lb_slot slot, unsigned *cost) {
    size_t rank = rank_in(names[slot], path);
    *cost = (unsigned)rank * 8;
    if (rank != SIZE_MAX)
        return true;
    rank = rank_in(common_names[slot], path);
    *cost = LB_NAME_COMMON + (unsigned)rank * 8;
    return rank != SIZE_MAX;
}

typedef struct name_words { /* of one name, in lower case */
    char text[WORDS_MAX][WORD_MAX];
    size_t count;
    bool key, name, time; /* it had such endings */
} name_words;

/* Words end at marks, at a capital behind a small letter or before one (userName, IDNumber), and
 * where another script turns to ASCII capitals. */
static bool begins_word(lb_str name, size_t i) {
    char c = name.data[i], before = name.data[i - 1];
    bool capital = lb_is_upper(c);
    if (!capital)
        return false;
    bool before_capital = lb_is_upper(before);
    bool next_small = i + 1 < name.size && lb_is_lower(name.data[i + 1]);
    return !before_capital || next_small;
}

static void split(lb_str name, name_words *out) {
    *out = (name_words){0};
    size_t length = 0;
    for (size_t i = 0; i < name.size; i++) {
        if (is_mark(name.data[i]) || (length > 0 && begins_word(name, i))) {
            out->count += length > 0;
            length = 0;
        }
        if (is_mark(name.data[i]) || out->count == WORDS_MAX || length + 1 == WORD_MAX)
            continue;
        out->text[out->count][length++] = lb_to_lower(name.data[i]);
        out->text[out->count][length] = '\0';
    }
    out->count += length > 0 && out->count < WORDS_MAX;
}

static bool is_one_of(const char *word, const char *const *list) {
    for (; *list; list++)
        if (strcmp(word, *list) == 0)
            return true;
    return false;
}

/* Endings that say in what form a thing is there, not what it is. */
static void peel(name_words *w) {
    while (w->count > 0) {
        const char *last = w->text[w->count - 1];
        bool key = is_one_of(last, key_endings), name = is_one_of(last, name_endings),
             time = is_one_of(last, time_endings);
        if (!key && !name && !time && !is_one_of(last, plain_words))
            return;
        w->key = w->key || key;
        w->name = w->name || name;
        w->time = w->time || time;
        w->count--;
    }
}

static bool is_wide(const char *word) {
    return (unsigned char)word[0] >= 0xE0;
}

/* users, messages, Nutzern: a word of the list with an ending of its own. */
static bool is_form_of(const char *word, const char *listed) {
    static const char *const endings[] = {"", "s", "e", "n", "en", "es", NULL};
    size_t size = strlen(listed);
    return strncmp(word, listed, size) == 0 &&
           (word[size] == '\0' || (size >= 4 && is_one_of(word + size, endings)));
}

/* A word written in one with an ending: senderid, chattext. */
static bool has_listed_stem(const char *word, const char *listed, const char *const *endings) {
    size_t size = strlen(listed);
    return size >= 4 && strncmp(word, listed, size) == 0 && word[size] &&
           is_one_of(word + size, endings);
}

/* Where the last word of a slot's list ends in `word`, counted in bytes from 1; 0: nowhere. */
static size_t end_of_match(const char *word, lb_slot slot, name_words *w) {
    size_t end = 0;
    for (size_t i = 0; words[slot][i]; i++) {
        const char *listed = words[slot][i];
        if (is_wide(listed)) {
            for (const char *at = strstr(word, listed); at; at = strstr(at + 1, listed))
                if ((size_t)(at - word) + strlen(listed) > end)
                    end = (size_t)(at - word) + strlen(listed);
        } else if (is_form_of(word, listed))
            return strlen(word);
        else if (has_listed_stem(word, listed, key_endings)) {
            w->key = true;
            return strlen(word);
        } else if (has_listed_stem(word, listed, name_endings)) {
            w->name = true;
            return strlen(word);
        }
    }
    return end;
}

/* The words in which the meaning of a path lies: those of its last name, or where that is but a
 * form (id, name, value), of the name around it. */
static void words_of(lb_path path, name_words *w) {
    bool key = false, name = false, time = false;
    w->count = 0;
    for (size_t i = path.count; w->count == 0 && i-- > 0;) {
        if (path.steps[i].kind != LB_STEP_FIELD)
            break;
        split(path.steps[i].name, w);
        peel(w);
        w->key = key = key || w->key;
        w->name = name = name || w->name;
        w->time = time = time || w->time;
    }
}

static bool suits_form(const name_words *w, lb_slot slot) {
    switch (slot) {
    case LB_SLOT_TEXT:
        return !w->key && !w->name && !w->time;
    case LB_SLOT_MESSAGE:
        return w->key;
    case LB_SLOT_TIME:
        return !w->key && !w->name;
    case LB_SLOT_USER:
    case LB_SLOT_CONVERSATION:
        return !w->time;
    default:
        return false;
    }
}

/* Of a message's author, the author is meant: the last word that is in a list decides. */
static bool fits_by_words(lb_path path, lb_slot slot) {
    name_words w, of;
    words_of(path, &w);
    if (w.count == 0)
        return false;
    const char *last = w.text[w.count - 1];
    of = w;
    size_t end = end_of_match(last, slot, &of);
    if (end == 0 || !suits_form(&of, slot))
        return false;
    for (lb_slot other = 0; other <= LB_SLOT_TEXT; other++) {
        name_words with = w;
        if (other != slot && end_of_match(last, other, &with) > end && suits_form(&with, other))
            return false;
    }
    return true;
}

bool lb_name_fits(lb_path path, lb_slot slot, unsigned *cost) {
    if (path.count == 0 || path.steps[path.count - 1].kind != LB_STEP_FIELD)
        return false;
    if (is_known(path, slot, cost))
        return true;
    for (lb_slot other = 0; other <= LB_SLOT_TEXT; other++)
        if (is_known(path, other, cost))
            return false;
    *cost = LB_NAME_BY_WORDS;
    if (slot == LB_SLOT_ROLE) { /* user_type, speaker_role: the values decide */
        name_words w;
        split(path.steps[path.count - 1].name, &w);
        return w.count > 1 && (strcmp(w.text[w.count - 1], "type") == 0 ||
                               strcmp(w.text[w.count - 1], "role") == 0);
    }
    return fits_by_words(path, slot);
}

bool lb_name_fits_alone(lb_str name, lb_slot slot) {
    lb_step step = {LB_STEP_FIELD, name};
    unsigned cost;
    return lb_name_fits((lb_path){&step, 1}, slot, &cost);
}

bool lb_name_is_of_attribute(lb_path path) {
    name_words w;
    if (path.count == 0 || path.steps[path.count - 1].kind != LB_STEP_FIELD)
        return false;
    split(path.steps[path.count - 1].name, &w);
    for (size_t i = 0; i < w.count; i++)
        if (is_one_of(w.text[i], attributes))
            return true;
    return false;
}

bool lb_name_is_of_time(lb_path path) {
    static const char *const others[] = {"at", "when", "day", "created"};
    unsigned cost;
    for (size_t i = 0; i < sizeof others / sizeof *others; i++)
        if (goes_by(path, others[i]))
            return false;
    return is_known(path, LB_SLOT_TIME, &cost);
}

bool lb_name_is_of_text(lb_path path) {
    static const char *const sure[] = {"text", "fulltext",    "content", "message", "messagetext",
                                       "body", "messagebody", "msg",     "tweet",   "utterance"};
    for (size_t i = 0; i < sizeof sure / sizeof *sure; i++)
        if (goes_by(path, sure[i]))
            return true;
    return false;
}

bool lb_name_is_of_key(lb_path path) {
    name_words w;
    if (path.count == 0 || path.steps[path.count - 1].kind != LB_STEP_FIELD)
        return false;
    split(path.steps[path.count - 1].name, &w);
    peel(&w);
    size_t size = w.count > 0 ? strlen(w.text[w.count - 1]) : 0;
    return w.key || (size > 2 && strcmp(w.text[w.count - 1] + size - 2, "id") == 0);
}

size_t lb_name_points(const lb_str *columns, size_t count) {
    bool user = false, text = false, time = false;
    for (size_t i = 0; i < count; i++) {
        user = user || lb_name_fits_alone(columns[i], LB_SLOT_USER);
        text = text || lb_name_fits_alone(columns[i], LB_SLOT_TEXT);
        time = time || lb_name_fits_alone(columns[i], LB_SLOT_TIME);
    }
    return 2 * ((size_t)user + text + time);
}
