/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What the passes over a stream drop, and what they must not. */
#include "ops/i386/table.h"
#include "tests/exec/test_uops.h"
#include "translate/uop.h"

#include <string.h>

static struct stream s;
static char text[1024];

static void start(void)
{
    stream_start(&s, &i386_uops, 0x1000, 0, 0);
}

static struct uop *append(u16 op, u8 d, u8 b)
{
    struct uop *u = stream_append(&s, op, 0);

    u->d = d;
    u->b = b;
    u->cc = !uop_is_mark(u) && uop_row(u)->writes == L_FLAGS;
    return u;
}

/* The names of what is left, after both passes and a jump to elsewhere. */
static const char *left(void)
{
    append(UOP_jump, 0, 0);
    stream_put_off_notes(&s);
    stream_drop_dead(&s);
    text[0] = 0;
    for (u32 i = 0; i < s.count; i++)
        if (!uop_is_mark(&s.uops[i])) {
            strcat(text, uop_row(&s.uops[i])->name);
            strcat(text, " ");
        }
    return text;
}

START_TEST(an_overwritten_write_is_dropped)
{
    append(UOP_mov, ECX, EAX);
    append(UOP_movi, ECX, 0);
    ck_assert_str_eq(left(), "movi jump ");
}
END_TEST

START_TEST(what_is_read_in_between_is_kept)
{
    append(UOP_mov, ECX, EAX);
    append(UOP_add, EDX, ECX);
    append(UOP_movi, ECX, 0);
    ck_assert_str_eq(left(), "mov add movi jump ");
    start();
    append(UOP_movi, ECX, 0);
    append(UOP_insert8, ECX, EAX); /* keeps the upper bytes */
    ck_assert_str_eq(left(), "movi insert8 jump ");
}
END_TEST

/* An access may fault, and its handler looks at the registers; a branch's target may. */
START_TEST(what_a_fault_shows_is_kept)
{
    append(UOP_mov, ECX, EAX);
    append(UOP_ld32, EDX, ESI);
    append(UOP_movi, ECX, 0);
    ck_assert_str_eq(left(), "mov ld32 movi jump ");
    start();
    append(UOP_mov, ECX, EAX);
    append(UOP_cmp_j, EDX, ESI);
    append(UOP_movi, ECX, 0);
    ck_assert_str_eq(left(), "mov cmp_j movi jump ");
    start();
    append(UOP_mov, ECX, EAX);
    append(UOP_call_cpuid, 0, 0);
    append(UOP_movi, ECX, 0);
    ck_assert_str_eq(left(), "mov call_cpuid movi jump ");
}
END_TEST

/* Temporaries are nobody's at a way out; all that led to one goes with it. */
START_TEST(temporaries_die_at_the_end)
{
    append(UOP_lea0, EAX, EBX);
    append(UOP_lea_index, ECX, 0);
    append(UOP_mov, T1, T0);
    append(UOP_bt, EAX, ECX); /* cpu->carry */
    append(UOP_keep_t1, 0, 0);
    ck_assert_str_eq(left(), "jump ");
}
END_TEST

START_TEST(a_temporary_that_is_used_is_kept)
{
    append(UOP_lea0, EAX, EBX);
    append(UOP_t0_16, 0, 0);
    append(UOP_segment_read, 0, 0);
    append(UOP_bt, EAX, ECX);
    append(UOP_adc, EDX, T0);
    ck_assert_str_eq(left(), "lea0 t0_16 segment_read bt adc jump ");
}
END_TEST

/* Only where it still is in T0 when somebody reads that does an access's address matter. */
START_TEST(addresses_are_wanted_by_who_reads_them)
{
    append(UOP_ld32, EAX, ESP); /* of a read-modify-write */
    append(UOP_st32, T0, EAX);
    append(UOP_ld32, EAX, ESP);
    append(UOP_lea0, EAX, EBX);
    append(UOP_st32, T0, EAX);
    append(UOP_ld32, T0, ESP); /* the value */
    append(UOP_st32, T0, EAX);
    left();
    ck_assert(s.uops[0].t0_wanted && !s.uops[2].t0_wanted && !s.uops[5].t0_wanted);
    ck_assert(!s.uops[6].t0_wanted);
}
END_TEST

/* A `lea` to T0 has zeros put above it in the host's register, for an access there. */
START_TEST(an_address_is_made_whole)
{
    append(UOP_lea, ECX, ECX);
    append(UOP_lea, T0, T0);
    append(UOP_x87_fld_m64, 0, 0);
    ck_assert_str_eq(left(), "lea x87_fld_m64 jump ");
    start();
    append(UOP_lea, T0, T0);
    ck_assert_str_eq(left(), "jump ");
}
END_TEST

/* What flags follow from is read where they are stored, late or at once. */
START_TEST(operands_of_late_flags_are_kept)
{
    append(UOP_movi, T1, 0);
    append(UOP_cc_src, T1, 0);
    append(UOP_cc_dst, EAX, 0);
    append(UOP_cc, 0, 0)->flags.parts = FLAGS_ALL;
    ck_assert_str_eq(left(), "movi cc_src cc_dst jump ");
    ck_assert(s.uops[1].late && s.uops[2].late);
}
END_TEST

START_TEST(state_is_kept)
{
    append(UOP_cld, 0, 0);
    append(UOP_std, 0, 0);
    append(UOP_sse_mov, 0, 0);
    append(UOP_sse_mov, 0, 0);
    append(UOP_x87_fld1, 0, 0);
    ck_assert_str_eq(left(), "cld std sse_mov sse_mov x87_fld1 jump ");
}
END_TEST

/* --- notes: of the x87's last instruction, L_NOTE1, and its operand, L_NOTE2 --- */

START_TEST(a_note_is_made_once_where_nobody_looks)
{
    append(UOP_x87_fld1, 0, 0);
    append(UOP_x87_at, 0, 0);
    append(UOP_x87_fchs, 0, 0);
    append(UOP_x87_at, 0, 0);
    ck_assert_str_eq(left(), "x87_fld1 x87_fchs x87_at jump ");
    ck_assert(!s.uops[2].late);
}
END_TEST

START_TEST(notes_are_put_off_to_cold_code)
{
    append(UOP_x87_fld_m64, EBX, 0);
    append(UOP_x87_operand_db, EBX, ESI);
    append(UOP_x87_at, 0, 0);
    append(UOP_x87_fadd_m64, EDX, 0);
    append(UOP_x87_operand_db, EDX, EDX);
    append(UOP_x87_at, 0, 0);
    ck_assert_str_eq(left(), "x87_fld_m64 x87_operand_db x87_at "
                             "x87_fadd_m64 x87_operand x87_at jump ");
    ck_assert(s.uops[1].late && s.uops[2].late && !s.uops[4].late && !s.uops[5].late);
}
END_TEST

/* The second access, or its cold code, can no longer tell where the first one was. */
START_TEST(an_address_that_is_gone_is_noted_at_once)
{
    append(UOP_x87_fld_m64, EBX, 0);
    append(UOP_x87_operand_db, EBX, ESI);
    append(UOP_addi, ESI, 0);
    append(UOP_x87_fadd_m64, EDX, 0);
    append(UOP_x87_operand_db, EDX, EDX);
    ck_assert_str_eq(left(), "x87_fld_m64 x87_operand addi x87_fadd_m64 x87_operand jump ");
    ck_assert(!s.uops[1].late);
    start();
    append(UOP_x87_fld_m64, T0, 0);
    append(UOP_x87_operand, 0, 0);
    append(UOP_x87_fadd_m64, EDX, 0);
    append(UOP_x87_operand_db, EDX, EDX);
    ck_assert_str_eq(left(), "x87_fld_m64 x87_operand x87_fadd_m64 x87_operand jump ");
    ck_assert(!s.uops[1].late);
}
END_TEST

/* A branch's target, a helper and what follows the block look at what is in memory. */
START_TEST(notes_are_made_before_they_are_looked_at)
{
    append(UOP_x87_at, 0, 0);
    append(UOP_cmp_j, EDX, ESI);
    append(UOP_x87_at, 0, 0);
    append(UOP_call_x87, 0, 0);
    append(UOP_x87_at, 0, 0);
    ck_assert_str_eq(left(), "x87_at cmp_j x87_at call_x87 x87_at jump ");
    ck_assert(!s.uops[0].late && !s.uops[2].late && !s.uops[4].late);
}
END_TEST

TCase *liveness_case(void)
{
    TCase *c = tcase_create("liveness");

    tcase_add_checked_fixture(c, start, NULL);
    tcase_add_test(c, an_overwritten_write_is_dropped);
    tcase_add_test(c, what_is_read_in_between_is_kept);
    tcase_add_test(c, what_a_fault_shows_is_kept);
    tcase_add_test(c, temporaries_die_at_the_end);
    tcase_add_test(c, a_temporary_that_is_used_is_kept);
    tcase_add_test(c, addresses_are_wanted_by_who_reads_them);
    tcase_add_test(c, an_address_is_made_whole);
    tcase_add_test(c, operands_of_late_flags_are_kept);
    tcase_add_test(c, state_is_kept);
    tcase_add_test(c, a_note_is_made_once_where_nobody_looks);
    tcase_add_test(c, notes_are_put_off_to_cold_code);
    tcase_add_test(c, an_address_that_is_gone_is_noted_at_once);
    tcase_add_test(c, notes_are_made_before_they_are_looked_at);
    return c;
}
