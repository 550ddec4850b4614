#include "corpus/mapping/role.h"

#include <strings.h>

bool lb_list_has(lb_str word, const char *list) {
    while (*list) {
        list += strspn(list, ", ");
        size_t size = strcspn(list, ",");
        size_t trimmed = size;
        while (trimmed > 0 && list[trimmed - 1] == ' ')
            trimmed--;
        if (trimmed > 0 && trimmed == word.size && strncasecmp(list, word.data, trimmed) == 0)
            return true;
        list += size;
    }
    return false;
}

bool lb_role_is_known(lb_str role) {
    return lb_list_has(role, LB_ROLES_OF_PEOPLE) ||
           lb_list_has(role, "assistant,system,developer,tool,function,model,gpt,bot,chatgpt,ai,"
                             "bing,bard,claude,gemini,llm,agent,chatbot,operator,support");
}
