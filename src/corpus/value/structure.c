#include "corpus/value/structure.h"

#include "base/ascii.h"

bool lb_structure_fits(lb_str value) {
    bool letters = false, digits = false;
    if (value.size > LB_STRUCTURE_LONGEST)
        return false;
    for (size_t i = 0; i < value.size; i++) {
        char c = value.data[i];
        if (lb_is_digit(c) || c == '.' || c == '+')
            digits = true;
        else if (lb_is_letter(c) || c == '_')
            letters = true;
        else if (c != '-')
            return false;
    }
    return !(letters && digits);
}
