/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A guest's registers as gdb wants to be told of them (its manual, appendix G), and their values.
 */
#include "exec/registers.h"
#include "hw/gdb/target.h"

#include <stdlib.h>
#include <string.h>

/* --- digits --- */

static int digit(char c)
{
    return c >= '0' && c <= '9'   ? c - '0'
           : c >= 'a' && c <= 'f' ? c - 'a' + 10
           : c >= 'A' && c <= 'F' ? c - 'A' + 10
                                  : -1;
}

size_t gdb_from_hex(const char **text, void *to, size_t most)
{
    size_t n = 0;
    for (; n < most; n++, *text += 2) {
        int high = digit((*text)[0]), low = high < 0 ? -1 : digit((*text)[1]);
        if (low < 0)
            break;
        ((uint8_t *)to)[n] = (uint8_t)(high << 4 | low);
    }
    return n;
}

void gdb_to_hex(const void *from, size_t size, char *to)
{
    static const char digits[] = "0123456789abcdef";
    for (size_t i = 0; i < size; i++) {
        uint8_t byte = ((const uint8_t *)from)[i];
        to[2 * i] = digits[byte >> 4];
        to[2 * i + 1] = digits[byte & 15];
    }
}

bool gdb_number(const char **text, uint64_t most, uint64_t *value)
{
    const char *start = *text;
    *value = 0;
    for (; digit(**text) >= 0; ++*text) {
        if (*value >> 60)
            return false;
        *value = *value << 4 | (unsigned)digit(**text);
    }
    return *text != start && *value <= most;
}

/* --- registers --- */

bool gdb_get_register(struct exec *e, unsigned n, char *to, size_t *digits)
{
    const struct register_set *set = exec_registers(e);
    const struct guest_register *r = set->at(n);
    uint8_t bytes[REGISTER_MOST];
    if (!r)
        return false;
    set->get(exec_core(e), n, bytes);
    gdb_to_hex(bytes, r->bits / 8, to);
    *digits = r->bits / 4;
    return true;
}

bool gdb_set_register(struct exec *e, unsigned n, const char **text)
{
    const struct register_set *set = exec_registers(e);
    const struct guest_register *r = set->at(n);
    uint8_t bytes[REGISTER_MOST];
    return r && gdb_from_hex(text, bytes, r->bits / 8) == r->bits / 8 &&
           set->set(exec_core(e), n, bytes);
}

/* --- their description --- */

static void describe_feature(const struct register_set *set, unsigned *n, FILE *to)
{
    const char *feature = set->at(*n)->feature, *types = set->types(feature);
    const struct guest_register *r;
    fprintf(to, "<feature name=\"%s\">%s", feature, types ? types : "");
    for (; (r = set->at(*n)) && strcmp(r->feature, feature) == 0; ++*n) {
        fprintf(to, "<reg name=\"%s\" bitsize=\"%u\" type=\"%s\"", r->name, r->bits, r->type);
        if (r->group)
            fprintf(to, " group=\"%s\"", r->group);
        fputs("/>", to);
    }
    fputs("</feature>", to);
}

char *gdb_describe(struct exec *e)
{
    const struct register_set *set = exec_registers(e);
    char *text = NULL;
    size_t size;
    FILE *to = open_memstream(&text, &size);
    if (!to)
        return NULL;
    fprintf(to,
            "<?xml version=\"1.0\"?><!DOCTYPE target SYSTEM \"gdb-target.dtd\">"
            "<target version=\"1.0\"><architecture>%s</architecture>",
            set->architecture(exec_core(e)));
    for (unsigned n = 0; set->at(n);)
        describe_feature(set, &n, to);
    fputs("</target>", to);
    if (fclose(to) == 0)
        return text;
    free(text);
    return NULL;
}
