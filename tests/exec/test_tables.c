/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Do the columns of each guest's rows agree with each other, and with the holes that the templates
 * have? Whether the rest is true: test_uops.c.
 */
#include "ops/host/asm.h"
#include "ops/host/dyngen.h"
#include "tests/exec/test_uops.h"
#include "translate/uop.h"

extern const struct uop_table i386_uops, ppc_uops;
enum { GUESTS = 2 };
static const struct uop_table *const tables[GUESTS] = {&i386_uops, &ppc_uops};

#define AGREES(row, that) ck_assert_msg(that, "%s: not %s", (row)->name, #that)
/* Of truths, both or neither. */
#define GO_TOGETHER(row, one, other) AGREES(row, (one) == (other))
#define FOLLOWS(row, one, other)     AGREES(row, !(one) || (other))

static void check_ends(const struct uop_info *r)
{
    bool compares = r->params == PARAMS_COMPARE || r->params == PARAMS_TEST;

    FOLLOWS(r, r->end == END_BRANCH,
            r->params == PARAMS_TARGET || r->params == PARAMS_OFFSET_TARGET || compares);
    FOLLOWS(r, r->params == PARAMS_OFFSET_TARGET, r->end == END_BRANCH);
    FOLLOWS(r, r->params == PARAMS_TARGET, r->end == END_JUMP || r->end == END_BRANCH);
    GO_TOGETHER(r, compares, r->condition_step != 0);
    FOLLOWS(r, compares, r->shape != SHAPE_N && r->cold == COLD_NEVER);
    FOLLOWS(r, r->end == END_BRANCH, r->cold == COLD_NEVER);
}

static void check_sets(const struct uop_table *t, const struct uop_info *r)
{
    u32 sets = r->reads | r->writes;

    GO_TOGETHER(r, (sets & L_B) != 0, r->shape == SHAPE_RR);
    FOLLOWS(r, (sets & L_D) != 0, r->shape != SHAPE_N);
    if ((sets & L_LOCATIONS) != L_LOCATIONS)
        AGREES(r, (sets & L_LOCATIONS) >> t->locations == 0);
}

static void check_access(const struct uop_table *t, const struct uop_info *r)
{
    bool at_t0 = r->params == PARAMS_AT_T0 || r->params == PARAMS_WINDOW_AT_T0;
    bool by_window = r->params == PARAMS_WINDOW || r->params == PARAMS_WINDOW_AT_T0;

    GO_TOGETHER(r, r->access.kind != ACCESS_NONE, r->params == PARAMS_ACCESS || at_t0 || by_window);
    if (!r->access.kind)
        return;
    GO_TOGETHER(r, r->cold == COLD_NEVER, by_window && !r->access.aligned);
    GO_TOGETHER(r, r->writes >> t->t0 & 1, r->params == PARAMS_ACCESS);
    GO_TOGETHER(r, r->shape == SHAPE_N, at_t0);
    FOLLOWS(r, at_t0, r->reads >> t->t0 & 1);
    AGREES(r, r->access.size > 0);
}

static void check_cold(const struct uop_table *t, const struct uop_info *r)
{
    const struct uop_info *other = &t->rows[r->cold_op];

    FOLLOWS(r, r->cold == COLD_LOCATION, r->shape == SHAPE_RR && r->access.kind);
    FOLLOWS(r, r->cold == COLD_IMMEDIATE, r->shape == SHAPE_R && r->access.kind == ACCESS_STORE);
    FOLLOWS(r, r->cold == COLD_FIELD, r->shape == SHAPE_N && r->access.kind);
    FOLLOWS(r, r->cold == COLD_HELPER, other->params == PARAMS_CALL);
    FOLLOWS(r, r->cold == COLD_SLOW, other->end == END_JUMP);
}

/* A form of the stack window is the same but for the way to memory. */
static void check_form(const struct uop_table *t, const struct uop_info *r, u16 form)
{
    const struct uop_info *w = &t->rows[form];

    AGREES(r, w->params == (r->params == PARAMS_AT_T0 ? PARAMS_WINDOW_AT_T0 : PARAMS_WINDOW));
    AGREES(r, w->shape == r->shape && w->reads == r->reads);
    AGREES(r, w->writes == (r->writes & ~(1u << t->t0)));
    AGREES(r, w->access.kind == r->access.kind && w->access.size == r->access.size &&
                  w->access.sign == r->access.sign && w->access.aligned == r->access.aligned);
}

START_TEST(columns_agree)
{
    const struct uop_table *t = tables[_i];

    for (u16 op = 0; op < t->count; op++) {
        const struct uop_info *r = &t->rows[op];
        ck_assert_ptr_nonnull(r->name);
        check_ends(r);
        check_sets(t, r);
        check_access(t, r);
        check_cold(t, r);
        if (t->window.form && t->window.form[op])
            check_form(t, r, t->window.form[op]);
    }
}
END_TEST

/* --- templates --- */

static unsigned templates_of(const struct uop_table *t, const struct uop_info *r)
{
    unsigned conditions = r->params == PARAMS_COMPARE ? COMPARE_CONDITIONS
                          : r->params == PARAMS_TEST  ? TEST_CONDITIONS
                                                      : 1;

    return r->shape == SHAPE_N   ? 1
           : r->shape == SHAPE_R ? conditions * t->locations
                                 : conditions * t->locations * t->locations;
}

/* Does it reach a field of cpu by the window? So does its form by the TLB, which has its name. */
static bool has_field(const struct uop_table *t, const struct uop_info *r)
{
    for (u32 op = 0; op < t->count; op++)
        if (strcmp(t->rows[op].name, r->name + strlen("window_")) == 0)
            return t->rows[op].cold == COLD_FIELD;
    return false;
}

/* __op_param1 is bit 0. False: it depends on more than the row. */
static bool find_params(const struct uop_table *t, const struct uop_info *r, unsigned *mask)
{
    unsigned numbers = uop_numbers((enum uop_params)r->params);

    *mask = (1u << numbers) - 1;
    switch ((enum uop_params)r->params) {
    case PARAMS_COMPARE:
    case PARAMS_TEST:
        *mask = (1u << ((r->shape == SHAPE_R) + HOST_ASM)) - 1; /* to.imm, and the condition */
        break;
    case PARAMS_NONE:
        return r->cold != COLD_LAYOUT;
    case PARAMS_DISP:
    case PARAMS_OFFSET_TARGET:
        *mask = 1;
        break;
    case PARAMS_ACCESS:
        *mask = r->shape == SHAPE_R ? 0xf : 7;
        break;
    case PARAMS_AT_T0:
        *mask = r->cold == COLD_FIELD ? 7 : 3;
        break;
    case PARAMS_WINDOW:
        *mask = r->shape == SHAPE_R ? 3 : 1;
        break;
    case PARAMS_WINDOW_AT_T0:
        *mask = has_field(t, r);
        break;
    case PARAMS_WINDOW_CHECK:
    case PARAMS_CALL:
        *mask = 7;
        break;
    case PARAMS_CACHE:
        *mask = 3;
        break;
    default:
        break;
    }
    return true;
}

/* Of all its templates together: one alone may need less, as where d is b. */
static void check_holes(const struct uop_table *t, const struct uop_info *r)
{
    unsigned wanted, params = 0, targets = 0;

    for (unsigned n = 0; n < templates_of(t, r); n++) {
        const struct dyngen_template *template = &t->dyngen[t->dyngen_order[r->first + n]];
        AGREES(r, strncmp(template->name, r->name, strlen(r->name)) == 0);
        params |= template->params;
        targets |= template->targets;
    }
    ck_assert_msg(!find_params(t, r, &wanted) || params == wanted,
                  "%s: holes for parameters %x, not %x", r->name, params, wanted);
    GO_TOGETHER(r, r->cold != COLD_NEVER, (targets & 1 << DYNGEN_COLD) != 0);
    GO_TOGETHER(r, r->end == END_BRANCH || r->end == END_JUMP, (targets & 1 << DYNGEN_TAKEN) != 0);
}

START_TEST(templates_have_the_holes_of_their_rows)
{
    const struct uop_table *t = tables[_i];
    unsigned count = 0;

    for (u16 op = 0; op < t->count; op++) {
        check_holes(t, &t->rows[op]);
        count += templates_of(t, &t->rows[op]);
    }
    ck_assert_uint_eq(count, t->templates);
}
END_TEST

START_TEST(a_listing_tells_where_a_branch_leads)
{
    const struct uop_table *t = tables[_i];
    char line[128];
    unsigned branches = 0;

    for (u16 op = 0; op < t->count; op++) {
        struct uop u = uop_make(t, op, 0);
        if (!uop_is_branch(&u))
            continue;
        u.to.target = 0x1234;
        uop_print(t, &u, line, sizeof line);
        ck_assert_ptr_nonnull(strstr(line, "-> 00001234"));
        branches++;
    }
    ck_assert_uint_gt(branches, 10);
}
END_TEST

START_TEST(a_listing_names_conditions)
{
    struct uop u = uop_make(tables[_i], UOP_cmpi_j, 0);
    char line[128];

    u.condition = IF_not_below;
    u.to.imm = 5;
    uop_print(tables[_i], &u, line, sizeof line);
    ck_assert_ptr_nonnull(strstr(line, "cmpi_j     not_below "));
    ck_assert_ptr_nonnull(strstr(line, ", 0x5, -> "));
}
END_TEST

TCase *tables_case(void)
{
    TCase *c = tcase_create("tables");

    tcase_add_loop_test(c, columns_agree, 0, GUESTS);
    tcase_add_loop_test(c, templates_have_the_holes_of_their_rows, 0, GUESTS);
    tcase_add_loop_test(c, a_listing_tells_where_a_branch_leads, 0, GUESTS);
    tcase_add_loop_test(c, a_listing_names_conditions, 0, GUESTS);
    return c;
}
