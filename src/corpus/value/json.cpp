#include "corpus/value/json.h"

#include <charconv>
#include <new>
#include <simdjson.h>

struct lb_json_parser {
    simdjson::dom::parser parser;
};

lb_json_parser *lb_json_parser_new(void) {
    return new (std::nothrow) lb_json_parser();
}

void lb_json_parser_free(lb_json_parser *parser) {
    delete parser;
}

static const char *reason(simdjson::error_code code) {
    switch (code) {
    case simdjson::DEPTH_ERROR:
        return "JSON is nested deeper than 1,024 levels";
    case simdjson::STRING_ERROR:
        return "JSON has a string with a bad escape";
    case simdjson::T_ATOM_ERROR:
    case simdjson::F_ATOM_ERROR:
    case simdjson::N_ATOM_ERROR:
        return "JSON has a word that is not true, false or null";
    case simdjson::NUMBER_ERROR:
        return "JSON has a malformed number";
    case simdjson::UTF8_ERROR:
        return "not valid UTF-8";
    case simdjson::EMPTY:
        return "there is no JSON value";
    case simdjson::UNESCAPED_CHARS:
        return "JSON has a control character in a string";
    case simdjson::UNCLOSED_STRING:
        return "JSON has a string that is never closed";
    case simdjson::CAPACITY:
        return "JSON is larger than 4 GB";
    default:
        return "not well-formed JSON";
    }
}

int lb_json_parse(lb_json_parser *parser, const char *data, size_t size, lb_json *out,
                  const char **what, bool *mendable, lb_error *error) {
    *mendable = false;
    if (parser->parser.capacity() < size || parser->parser.max_depth() != LB_JSON_DEPTH) {
        size_t capacity = size < 65536 ? 65536 : size + size / 2;
        if (size > simdjson::SIMDJSON_MAXSIZE_BYTES) {
            *what = reason(simdjson::CAPACITY);
            return 1;
        }
        if (capacity > simdjson::SIMDJSON_MAXSIZE_BYTES)
            capacity = simdjson::SIMDJSON_MAXSIZE_BYTES;
        if (parser->parser.allocate(capacity, LB_JSON_DEPTH))
            return lb_fail_memory(error, "parsing JSON");
    }
    auto result = parser->parser.parse(reinterpret_cast<const uint8_t *>(data), size, false);
    simdjson::error_code code = result.error();
    if (code == simdjson::MEMALLOC)
        return lb_fail_memory(error, "parsing JSON");
    if (code) {
        *what = reason(code);
        *mendable = code == simdjson::STRING_ERROR || code == simdjson::NUMBER_ERROR ||
                    code == simdjson::N_ATOM_ERROR || code == simdjson::UTF8_ERROR ||
                    code == simdjson::TAPE_ERROR;
        return 1;
    }
    out->tape = parser->parser.doc.tape.get();
    out->strings = parser->parser.doc.string_buf.get();
    return 0;
}

bool lb_json_utf8_valid(const char *data, size_t size) {
    return simdjson::validate_utf8(data, size);
}

size_t lb_json_number_text(double value, char text[LB_JSON_NUMBER_MAX]) {
    auto result = std::to_chars(text, text + LB_JSON_NUMBER_MAX, value);
    return static_cast<size_t>(result.ptr - text);
}
