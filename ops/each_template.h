/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * TEMPLATE_ENTRY(index, name, name_if) for every template of a guest: add_eax_ecx and so on, each
 * with its number; name_if tells the condition, too, where there is one: cmp_j_eax_ecx,
 * cmp_j_less_eax_ecx. The includer has EACH_LOCATION and LOCATIONS of the guest (its locations.h),
 * FIRST_x, the first template of micro-op x (first.h), and OWN_OPS, the name of its ops.def.
 */
#ifndef OPS_EACH_TEMPLATE_H
#define OPS_EACH_TEMPLATE_H

/* For each pair: X(argument, name, NAME, name2, NAME2); a macro is not expanded within itself. */
#define EACH_PAIR(X, argument) RESCAN(EACH_LOCATION(EACH_OF_PAIR, (X, argument)))
#define RESCAN(...)            __VA_ARGS__
#define NOTHING
#define EACH_LOCATION_LATER() EACH_LOCATION
#define EACH_OF_PAIR(x, d, D, ...)                                                                 \
    EACH_LOCATION_LATER NOTHING()(PAIR, (PAIR_X x, PAIR_ARGUMENT x, d, D))
#define PAIR_X(X, argument)                X
#define PAIR_ARGUMENT(X, argument)         argument
#define PAIR(pair, b, B, ...)              PAIR_ROW(PAIR_FIELDS pair, b, B)
#define PAIR_FIELDS(...)                   __VA_ARGS__
#define PAIR_ROW(...)                      PAIR_CALL(__VA_ARGS__)
#define PAIR_CALL(X, argument, d, D, b, B) X(argument, d, D, b, B)

#endif

/* A form of a micro-op: (its first template, name, name_if). */
#define UOP(name, shape, params, ...) SECOND(FORMS_##params, FORM, )(name, shape)
#define FORMS_COMPARE                 , FORMS_TO_COMPARE
#define FORMS_TEST                    , FORMS_TO_TEST
#define FORMS_TO_COMPARE(name, shape) EACH_COMPARE_CONDITION(FORM_IF, name, shape)
#define FORMS_TO_TEST(name, shape)    EACH_TEST_CONDITION(FORM_IF, name, shape)
#define FORM(name, shape)             ENTRIES_##shape((FIRST_##name, name, name))
#define FORM_IF(condition, name, shape)                                                            \
    ENTRIES_##shape((FIRST_##name + IF_##condition * TEMPLATES_##shape, name, name##_##condition))
#define ENTRIES_N(form)            ENTRY(FIELDS_OF form, 0, )
#define ENTRIES_R(form)            EACH_LOCATION(ENTRY_R, form)
#define ENTRY_R(form, d, D, ...)   ENTRY(FIELDS_OF form, D, _##d)
#define ENTRIES_RR(form)           EACH_PAIR(ENTRY_RR, form)
#define ENTRY_RR(form, d, D, b, B) ENTRY(FIELDS_OF form, (D)*LOCATIONS + (B), _##d##_##b)
#define FIELDS_OF(...)             __VA_ARGS__
#define ENTRY(...)                 ENTRY_OF(__VA_ARGS__)
#define ENTRY_OF(first, name, name_if, offset, operands)                                           \
    TEMPLATE_ENTRY(first + offset, name##operands, name_if##operands)
#include "ops/common.def"
#include OWN_OPS
#undef UOP
#undef TEMPLATE_ENTRY
