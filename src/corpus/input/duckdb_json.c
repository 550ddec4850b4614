#include "corpus/input/duckdb_json.h"

#include <stdio.h>

#include "base/calendar.h"
#include "corpus/input/rows.h"

typedef lb_duckdb_column column;

enum { DEEPEST = 64 };

static int fail_memory(lb_error *error) {
    return lb_fail_memory(error, "reading a table");
}

/* A name as JSON, with `end` behind. Frees what DuckDB gave. */
static int keep_json(const lb_duckdb_api *api, char *given, const char *end, lb_str *kept,
                     lb_arena *arena, lb_error *error) {
    lb_buffer text = {0};
    int status = given ? lb_rows_append_string(&text, lb_str_of(given), error) : fail_memory(error);
    if (status == LB_OK)
        status = lb_buffer_append(&text, end, strlen(end), error);
    if (status == LB_OK) {
        *kept = (lb_str){lb_arena_copy(arena, text.data, text.size), text.size};
        status = kept->data ? LB_OK : fail_memory(error);
    }
    lb_buffer_free(&text);
    api->free(given);
    return status;
}

static int read_type(const lb_duckdb_api *api, lb_duckdb_type type, unsigned depth, column *c,
                     lb_arena *arena, lb_error *error);

/* Takes the type over. */
static int read_child(const lb_duckdb_api *api, lb_duckdb_type type, unsigned depth, column *c,
                      lb_arena *arena, lb_error *error) {
    int status = type ? read_type(api, type, depth, c, arena, error) : fail_memory(error);
    if (type)
        api->destroy_logical_type(&type);
    return status;
}

static int make_children(column *c, size_t count, lb_arena *arena, lb_error *error) {
    c->children = lb_arena_alloc(arena, count, sizeof *c->children);
    if (!c->children)
        return fail_memory(error);
    memset(c->children, 0, count * sizeof *c->children);
    c->child_count = count;
    return LB_OK;
}

static int read_struct(const lb_duckdb_api *api, lb_duckdb_type type, unsigned depth, column *c,
                       lb_arena *arena, lb_error *error) {
    int status = make_children(c, api->struct_type_child_count(type), arena, error);
    for (size_t i = 0; status == LB_OK && i < c->child_count; i++) {
        column *child = &c->children[i];
        status =
            keep_json(api, api->struct_type_child_name(type, i), ":", &child->name, arena, error);
        if (status == LB_OK)
            status = read_child(api, api->struct_type_child_type(type, i), depth + 1, child, arena,
                                error);
    }
    return status;
}

/* The first child is the number of the member that counts. */
static int read_union(const lb_duckdb_api *api, lb_duckdb_type type, unsigned depth, column *c,
                      lb_arena *arena, lb_error *error) {
    int status = make_children(c, api->union_type_member_count(type) + 1, arena, error);
    if (status == LB_OK)
        c->children[0].type = LB_DUCKDB_UTINYINT;
    for (size_t i = 1; status == LB_OK && i < c->child_count; i++)
        status = read_child(api, api->union_type_member_type(type, i - 1), depth + 1,
                            &c->children[i], arena, error);
    return status;
}

/* A list of structs of key and value. */
static int read_map(const lb_duckdb_api *api, lb_duckdb_type type, unsigned depth, column *c,
                    lb_arena *arena, lb_error *error) {
    int status = make_children(c, 1, arena, error);
    if (status < 0)
        return status;
    c->children[0].type = LB_DUCKDB_STRUCT;
    status = make_children(&c->children[0], 2, arena, error);
    if (status == LB_OK)
        status = read_child(api, api->map_type_key_type(type), depth + 1,
                            &c->children[0].children[0], arena, error);
    return status < 0 ? status
                      : read_child(api, api->map_type_value_type(type), depth + 1,
                                   &c->children[0].children[1], arena, error);
}

static int read_enum(const lb_duckdb_api *api, lb_duckdb_type type, column *c, lb_arena *arena,
                     lb_error *error) {
    c->internal = api->enum_internal_type(type);
    c->dictionary_size = api->enum_dictionary_size(type);
    c->dictionary = lb_arena_alloc(arena, c->dictionary_size, sizeof *c->dictionary);
    int status = c->dictionary ? LB_OK : fail_memory(error);
    for (size_t i = 0; status == LB_OK && i < c->dictionary_size; i++)
        status = keep_json(api, api->enum_dictionary_value(type, i), "", &c->dictionary[i], arena,
                           error);
    return status;
}

static int read_type(const lb_duckdb_api *api, lb_duckdb_type type, unsigned depth, column *c,
                     lb_arena *arena, lb_error *error) {
    c->type = (lb_duckdb_type_id)api->get_type_id(type);
    if (depth > DEEPEST)
        return lb_fail(error, LB_E_INPUT, "duckdb", "select the fields that are wanted",
                       "the columns are nested deeper than %d", DEEPEST);
    int status;
    switch (c->type) {
    case LB_DUCKDB_STRUCT:
        return read_struct(api, type, depth, c, arena, error);
    case LB_DUCKDB_UNION:
        return read_union(api, type, depth, c, arena, error);
    case LB_DUCKDB_MAP:
        return read_map(api, type, depth, c, arena, error);
    case LB_DUCKDB_ENUM:
        return read_enum(api, type, c, arena, error);
    case LB_DUCKDB_LIST:
    case LB_DUCKDB_ARRAY:
        if (c->type == LB_DUCKDB_ARRAY)
            c->array_size = api->array_type_array_size(type);
        status = make_children(c, 1, arena, error);
        return status < 0 ? status
                          : read_child(api,
                                       c->type == LB_DUCKDB_LIST ? api->list_type_child_type(type)
                                                                 : api->array_type_child_type(type),
                                       depth + 1, &c->children[0], arena, error);
    case LB_DUCKDB_DECIMAL:
        c->scale = api->decimal_scale(type);
        c->internal = api->decimal_internal_type(type);
        return LB_OK;
    case LB_DUCKDB_VARCHAR: {
        char *alias = api->logical_type_get_alias(type);
        c->raw = alias && strcmp(alias, "JSON") == 0;
        if (alias)
            api->free(alias);
        return LB_OK;
    }
    default:
        return LB_OK;
    }
}

int lb_duckdb_read_columns(const lb_duckdb_api *api, lb_duckdb_result *result,
                           lb_duckdb_column **columns, size_t *count, lb_arena *arena,
                           lb_error *error) {
    column all = {0};
    int status = make_children(&all, api->column_count(result), arena, error);
    for (size_t i = 0; status == LB_OK && i < all.child_count; i++) {
        lb_buffer name = {0};
        column *c = &all.children[i];
        status = lb_rows_append_string(&name, lb_str_of(api->column_name(result, i)), error);
        if (status == LB_OK)
            status = lb_buffer_append(&name, ":", 1, error);
        if (status == LB_OK) {
            c->name = (lb_str){lb_arena_copy(arena, name.data, name.size), name.size};
            status = c->name.data
                         ? read_child(api, api->column_logical_type(result, i), 0, c, arena, error)
                         : fail_memory(error);
        }
        lb_buffer_free(&name);
    }
    *columns = all.children;
    *count = all.child_count;
    return status;
}

static void bind(const lb_duckdb_api *api, column *c, lb_duckdb_vector vector) {
    c->data = api->vector_get_data(vector);
    c->validity = api->vector_get_validity(vector);
    if (c->type == LB_DUCKDB_LIST || c->type == LB_DUCKDB_MAP)
        bind(api, &c->children[0], api->list_vector_get_child(vector));
    else if (c->type == LB_DUCKDB_ARRAY)
        bind(api, &c->children[0], api->array_vector_get_child(vector));
    else /* a struct or a union: others have no children */
        for (size_t i = 0; i < c->child_count; i++)
            bind(api, &c->children[i], api->struct_vector_get_child(vector, i));
}

static int put(lb_buffer *into, const char *text, lb_error *error) {
    return lb_buffer_append(into, text, strlen(text), error);
}

/* Digits of a number of 128 bits, with the point `scale` digits from the right. */
static int put_huge(lb_buffer *into, uint64_t high, uint64_t low, bool negative, unsigned scale,
                    lb_error *error) {
    enum { DIGITS = 48 };
    char text[DIGITS];
    size_t at = DIGITS;
    unsigned digits = 0;
    do {
        uint64_t rest = 0; /* long division by ten, 32 bits at a time */
        uint64_t parts[4] = {high >> 32, high & UINT32_MAX, low >> 32, low & UINT32_MAX};
        for (size_t i = 0; i < 4; i++) {
            uint64_t part = rest << 32 | parts[i];
            parts[i] = part / 10;
            rest = part % 10;
        }
        high = parts[0] << 32 | parts[1];
        low = parts[2] << 32 | parts[3];
        text[--at] = (char)('0' + rest);
        digits++;
        if (digits == scale)
            text[--at] = '.';
    } while (high || low || digits <= scale);
    if (negative)
        text[--at] = '-';
    return lb_buffer_append(into, text + at, DIGITS - at, error);
}

static int put_signed_huge(lb_buffer *into, lb_duckdb_hugeint value, unsigned scale,
                           lb_error *error) {
    uint64_t high = (uint64_t)value.upper, low = value.lower;
    bool negative = value.upper < 0;
    if (negative) {
        low = 0 - low;
        high = ~high + (low == 0);
    }
    return put_huge(into, high, low, negative, scale, error);
}

static lb_duckdb_hugeint widened(int64_t value) {
    return (lb_duckdb_hugeint){(uint64_t)value, value < 0 ? -1 : 0};
}

static int put_decimal(const column *c, uint64_t row, lb_buffer *into, lb_error *error) {
    lb_duckdb_hugeint value;
    switch (c->internal) {
    case LB_DUCKDB_SMALLINT:
        value = widened(((const int16_t *)c->data)[row]);
        break;
    case LB_DUCKDB_INTEGER:
        value = widened(((const int32_t *)c->data)[row]);
        break;
    case LB_DUCKDB_BIGINT:
        value = widened(((const int64_t *)c->data)[row]);
        break;
    default:
        value = ((const lb_duckdb_hugeint *)c->data)[row];
    }
    return put_signed_huge(into, value, c->scale, error);
}

static int put_enum(const column *c, uint64_t row, lb_buffer *into, lb_error *error) {
    uint64_t number = c->internal == LB_DUCKDB_UTINYINT    ? ((const uint8_t *)c->data)[row]
                      : c->internal == LB_DUCKDB_USMALLINT ? ((const uint16_t *)c->data)[row]
                                                           : ((const uint32_t *)c->data)[row];
    if (number >= c->dictionary_size)
        return put(into, "null", error);
    return lb_buffer_append(into, c->dictionary[number].data, c->dictionary[number].size, error);
}

static int put_uuid(lb_duckdb_hugeint value, lb_buffer *into, lb_error *error) {
    uint64_t high = (uint64_t)value.upper ^ (uint64_t)1 << 63, low = value.lower;
    return lb_buffer_printf(
        into, error, "\"%08llx-%04llx-%04llx-%04llx-%012llx\"", (unsigned long long)(high >> 32),
        (unsigned long long)(high >> 16 & 0xFFFF), (unsigned long long)(high & 0xFFFF),
        (unsigned long long)(low >> 48), (unsigned long long)(low & 0xFFFFFFFFFFFF));
}

static int put_string(const column *c, uint64_t row, lb_buffer *into, lb_error *error) {
    const lb_duckdb_string *string = &((const lb_duckdb_string *)c->data)[row];
    uint32_t length = string->inside.length;
    bool inside = length <= LB_DUCKDB_STRING_INLINE;
    lb_str text = {inside ? string->inside.text : string->outside.text, length};
    if (!c->raw)
        return lb_rows_append_string(into, text, error);
    size_t first = into->size;
    int status = lb_buffer_append(into, text.data, text.size, error);
    for (size_t i = first; status == LB_OK && i < into->size; i++)
        if (into->data[i] == '\n' || into->data[i] == '\r') /* the row stays one line */
            into->data[i] = ' ';
    return status;
}

/* Microseconds since 1970; what no calendar has (infinity) is null. */
static int put_time(int64_t value, const char *zone, lb_buffer *into, lb_error *error) {
    static const int64_t day = 86400000000, most_days = 2932896 /* 9999-12-31 */;
    int64_t days = value / day - (value % day < 0), rest = value - days * day;
    lb_date date = {0};
    if (days >= -719162 && days <= most_days)
        date = lb_date_of_days(days);
    if (date.year == 0)
        return put(into, "null", error);
    return lb_buffer_printf(into, error, "\"%04d-%02u-%02uT%02d:%02d:%02d.%06d%s\"", date.year,
                            date.month, date.day, (int)(rest / 3600000000),
                            (int)(rest / 60000000 % 60), (int)(rest / 1000000 % 60),
                            (int)(rest % 1000000), zone);
}

static int put_scaled_time(int64_t value, int64_t factor, lb_buffer *into, lb_error *error) {
    if (value > INT64_MAX / factor || value < INT64_MIN / factor)
        return put(into, "null", error);
    return put_time(value * factor, "Z", into, error);
}

static int put_date(int32_t days, lb_buffer *into, lb_error *error) {
    if (days < -719162 || days > 2932896)
        return put(into, "null", error);
    lb_date date = lb_date_of_days(days);
    return lb_buffer_printf(into, error, "\"%04d-%02u-%02u\"", date.year, date.month, date.day);
}

static int put_value(const column *c, uint64_t row, lb_buffer *into, lb_error *error);

static int put_elements(const column *c, uint64_t offset, uint64_t length, lb_buffer *into,
                        lb_error *error) {
    int status = put(into, "[", error);
    for (uint64_t i = 0; status == LB_OK && i < length; i++) {
        if (i > 0)
            status = put(into, ",", error);
        if (status == LB_OK)
            status = put_value(&c->children[0], offset + i, into, error);
    }
    return status < 0 ? status : put(into, "]", error);
}

static int put_members(const column *children, size_t count, uint64_t row, lb_buffer *into,
                       lb_error *error) {
    int status = put(into, "{", error);
    for (size_t i = 0; status == LB_OK && i < count; i++) {
        if (i > 0)
            status = put(into, ",", error);
        if (status == LB_OK)
            status = lb_buffer_append(into, children[i].name.data, children[i].name.size, error);
        if (status == LB_OK)
            status = put_value(&children[i], row, into, error);
    }
    return status < 0 ? status : put(into, "}", error);
}

/* A key that is no string is written as one. */
static int put_key(const column *c, uint64_t row, lb_buffer *into, lb_error *error) {
    lb_buffer key = {0};
    int status = put_value(c, row, &key, error);
    if (status == LB_OK && key.data[0] == '"')
        status = lb_buffer_append(into, key.data, key.size, error);
    else if (status == LB_OK)
        status = lb_rows_append_string(into, lb_buffer_str(&key), error);
    lb_buffer_free(&key);
    return status < 0 ? status : put(into, ":", error);
}

static int put_map(const column *c, uint64_t row, lb_buffer *into, lb_error *error) {
    lb_duckdb_list_entry entry = ((const lb_duckdb_list_entry *)c->data)[row];
    const column *pair = c->children[0].children;
    int status = put(into, "{", error);
    for (uint64_t i = 0; status == LB_OK && i < entry.length; i++) {
        if (i > 0)
            status = put(into, ",", error);
        if (status == LB_OK)
            status = put_key(&pair[0], entry.offset + i, into, error);
        if (status == LB_OK)
            status = put_value(&pair[1], entry.offset + i, into, error);
    }
    return status < 0 ? status : put(into, "}", error);
}

static int put_union(const column *c, uint64_t row, lb_buffer *into, lb_error *error) {
    size_t member = (size_t)((const uint8_t *)c->children[0].data)[row] + 1;
    return member < c->child_count ? put_value(&c->children[member], row, into, error)
                                   : put(into, "null", error);
}

static int put_integer(const column *c, uint64_t row, lb_buffer *into, lb_error *error) {
    switch (c->type) {
    case LB_DUCKDB_TINYINT:
        return lb_buffer_printf(into, error, "%d", ((const int8_t *)c->data)[row]);
    case LB_DUCKDB_SMALLINT:
        return lb_buffer_printf(into, error, "%d", ((const int16_t *)c->data)[row]);
    case LB_DUCKDB_INTEGER:
        return lb_buffer_printf(into, error, "%d", (int)((const int32_t *)c->data)[row]);
    case LB_DUCKDB_BIGINT:
        return lb_buffer_printf(into, error, "%lld", (long long)((const int64_t *)c->data)[row]);
    case LB_DUCKDB_UTINYINT:
        return lb_buffer_printf(into, error, "%u", ((const uint8_t *)c->data)[row]);
    case LB_DUCKDB_USMALLINT:
        return lb_buffer_printf(into, error, "%u", ((const uint16_t *)c->data)[row]);
    case LB_DUCKDB_UINTEGER:
        return lb_buffer_printf(into, error, "%u", (unsigned)((const uint32_t *)c->data)[row]);
    default:
        return lb_buffer_printf(into, error, "%llu",
                                (unsigned long long)((const uint64_t *)c->data)[row]);
    }
}

/* Types that say nothing of a conversation (intervals, bits, geometry) are null. */
static int put_value(const column *c, uint64_t row, lb_buffer *into, lb_error *error) {
    if (c->validity && !(c->validity[row / 64] >> row % 64 & 1))
        return put(into, "null", error);
    const int64_t *times = c->data;
    switch (c->type) {
    case LB_DUCKDB_BOOLEAN:
        return put(into, ((const uint8_t *)c->data)[row] ? "true" : "false", error);
    case LB_DUCKDB_TINYINT:
    case LB_DUCKDB_SMALLINT:
    case LB_DUCKDB_INTEGER:
    case LB_DUCKDB_BIGINT:
    case LB_DUCKDB_UTINYINT:
    case LB_DUCKDB_USMALLINT:
    case LB_DUCKDB_UINTEGER:
    case LB_DUCKDB_UBIGINT:
        return put_integer(c, row, into, error);
    case LB_DUCKDB_FLOAT:
        return lb_rows_append_number(into, (double)((const float *)c->data)[row], error);
    case LB_DUCKDB_DOUBLE:
        return lb_rows_append_number(into, ((const double *)c->data)[row], error);
    case LB_DUCKDB_VARCHAR:
    case LB_DUCKDB_BLOB:
        return put_string(c, row, into, error);
    case LB_DUCKDB_TIMESTAMP:
        return put_time(times[row], "", into, error);
    case LB_DUCKDB_TIMESTAMP_TZ:
        return put_time(times[row], "Z", into, error);
    case LB_DUCKDB_TIMESTAMP_S:
        return put_scaled_time(times[row], 1000000, into, error);
    case LB_DUCKDB_TIMESTAMP_MS:
        return put_scaled_time(times[row], 1000, into, error);
    case LB_DUCKDB_TIMESTAMP_NS:
        return put_time(times[row] / 1000, "", into, error);
    case LB_DUCKDB_DATE:
        return put_date(((const int32_t *)c->data)[row], into, error);
    case LB_DUCKDB_TIME:
        return lb_buffer_printf(into, error, "\"%02d:%02d:%02d\"", (int)(times[row] / 3600000000),
                                (int)(times[row] / 60000000 % 60),
                                (int)(times[row] / 1000000 % 60));
    case LB_DUCKDB_HUGEINT:
        return put_signed_huge(into, ((const lb_duckdb_hugeint *)c->data)[row], 0, error);
    case LB_DUCKDB_UHUGEINT: {
        lb_duckdb_hugeint value = ((const lb_duckdb_hugeint *)c->data)[row];
        return put_huge(into, (uint64_t)value.upper, value.lower, false, 0, error);
    }
    case LB_DUCKDB_DECIMAL:
        return put_decimal(c, row, into, error);
    case LB_DUCKDB_UUID:
        return put_uuid(((const lb_duckdb_hugeint *)c->data)[row], into, error);
    case LB_DUCKDB_ENUM:
        return put_enum(c, row, into, error);
    case LB_DUCKDB_LIST: {
        lb_duckdb_list_entry entry = ((const lb_duckdb_list_entry *)c->data)[row];
        return put_elements(c, entry.offset, entry.length, into, error);
    }
    case LB_DUCKDB_ARRAY:
        return put_elements(c, row * c->array_size, c->array_size, into, error);
    case LB_DUCKDB_STRUCT:
        return put_members(c->children, c->child_count, row, into, error);
    case LB_DUCKDB_MAP:
        return put_map(c, row, into, error);
    case LB_DUCKDB_UNION:
        return put_union(c, row, into, error);
    default:
        return put(into, "null", error);
    }
}

int lb_duckdb_write_chunk(const lb_duckdb_api *api, lb_duckdb_column *columns, size_t count,
                          lb_duckdb_chunk chunk, lb_buffer *into, lb_error *error) {
    uint64_t rows = api->data_chunk_get_size(chunk);
    for (size_t i = 0; i < count; i++)
        bind(api, &columns[i], api->data_chunk_get_vector(chunk, i));
    int status = LB_OK;
    for (uint64_t row = 0; status == LB_OK && row < rows; row++) {
        status = put_members(columns, count, row, into, error);
        if (status == LB_OK)
            status = put(into, "\n", error);
    }
    return status;
}
