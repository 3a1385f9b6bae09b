/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What the decoder and the passes make: which accesses go by the stack window; of loops. */
#include <string.h>

#include "ops/i386/table.h"
#include "tests/exec/window.h"
#include "translate/i386/translate.h"
#include "translate/window.h"

enum { EIP = 0x1000 };

static u8 fetch(void *context, u32 eip)
{
    return ((const u8 *)context)[eip - EIP];
}

static struct stream s;

static void decode(const u8 *bytes, u32 loop_body)
{
    const u32 flat = MODE_FLAT_ES | MODE_FLAT_CS | MODE_FLAT_SS | MODE_FLAT_DS;
    struct code_source source = {
        .context = (void *)(uintptr_t)bytes,
        .fetch = fetch,
        .limit = ~0u,
        .loop_body = loop_body,
        .max_insns = STREAM_INSNS,
        .max_size = UINT32_MAX,
    };
    struct i386_code code = {.source = &source, .features = ~(u64)0};

    decode_i386(&s, &code, EIP, flat | MODE_LINEAR | MODE_PE | MODE_CS32 | MODE_SS32);
}

/* The names of the accesses and of the check, in their order. */
static const char *accesses_of(const u8 *bytes)
{
    static char text[512];

    decode(bytes, 0);
    stream_put_off_notes(&s);
    stream_drop_dead(&s);
    stream_use_window(&s, 0);
    text[0] = 0;
    for (u32 i = 0; i < s.count; i++)
        if (!uop_is_mark(&s.uops[i]) &&
            (uop_row(&s.uops[i])->access.kind || s.uops[i].op == UOP_window))
            strcat(strcat(text, uop_row(&s.uops[i])->name), " ");
    return text;
}

/* Code that ends in HLT. Without the window's forms all is by the TLB. */
static const struct {
    u8 code[40];
    const char *accesses, *by_tlb;
} cases[] = {
    /* fldl 8(%esp); fadds (%esp); fildll -8(%esp); fstpt 16(%esp); fistps 30(%esp) */
    {{0xdd, 0x44, 0x24, 8,    0xd8, 4,    0x24, 0xdf, 0x6c, 0x24,
      0xf8, 0xdb, 0x7c, 0x24, 16,   0xdf, 0x5c, 0x24, 30,   0xf4},
     "window window_x87_fld_m64 window_x87_fadd_m32 window_x87_fild_m64 window_x87_fstp_m80 "
     "window_x87_fistp_m16 ",
     "x87_fld_m64 x87_fadd_m32 x87_fild_m64 x87_fstp_m80 x87_fistp_m16 "},
    /* mov %esp, %ebp; fldl 8(%ebp); pop %ebx; fstpl -4(%esp): where it was is told of %esp, not T0
     */
    {{0x89, 0xe5, 0xdd, 0x45, 8, 0x5b, 0xdd, 0x5c, 0x24, 0xfc, 0xf4},
     "window window_x87_fld_m64 window_ld32 window_x87_fstp_m64 ",
     "x87_fld_m64 ld32 x87_fstp_m64 "},
    /* movups 4(%esp), %xmm0; movaps %xmm0, 16(%esp); movd (%esp), %xmm1; movq %xmm1, 8(%esp);
     * addss 4(%esp), %xmm0 */
    {{0x0f, 0x10, 0x44, 0x24, 4,    0x0f, 0x29, 0x44, 0x24, 16,   0x66, 0x0f, 0x6e, 0x0c,
      0x24, 0x66, 0x0f, 0xd6, 0x4c, 0x24, 8,    0xf3, 0x0f, 0x58, 0x44, 0x24, 4,    0xf4},
     "window window_sse_ld128 window_sse_st128a window_sse_ld32 window_sse_st64 window_sse_ld32 ",
     "sse_ld128 sse_st128a sse_ld32 sse_st64 sse_ld32 "},
    /* movq (%esp), %mm3; movq %mm3, 8(%esp); movd %mm7, 4(%esp) */
    {{0x0f, 0x6f, 0x1c, 0x24, 0x0f, 0x7f, 0x5c, 0x24, 8, 0x0f, 0x7e, 0x7c, 0x24, 4, 0xf4},
     "window window_sse_ld64 window_mmx_st64_mm3 window_mmx_st32_mm7 ",
     "sse_ld64 mmx_st64_mm3 mmx_st32_mm7 "},
    /* push %ebx; fldl (%ecx); push %eax; movd %mm0, (%ecx); pop %eax; movups (%ecx), %xmm0; pop
     * %ebx; mov (%esp), %ecx: others' accesses do not end it */
    {{0x53, 0xdd, 1, 0x50, 0x0f, 0x7e, 1, 0x58, 0x0f, 0x10, 1, 0x5b, 0x8b, 0x0c, 0x24, 0xf4},
     "window window_st32 x87_fld_m64 window_st32 mmx_st32_mm0 window_ld32 sse_ld128 window_ld32 "
     "ld32 ",
     "st32 x87_fld_m64 st32 mmx_st32_mm0 ld32 sse_ld128 ld32 ld32 "},
    /* push %ebx; fldl (%esp,%ecx); fldl 0x12345; fldl (%esp): who knows where the first two are */
    {{0x53, 0xdd, 4, 0x0c, 0xdd, 5, 0x45, 0x23, 1, 0, 0xdd, 4, 0x24, 0xf4},
     "window window_st32 x87_fld_m64 x87_fld_m64 window_x87_fld_m64 ",
     "st32 x87_fld_m64 x87_fld_m64 x87_fld_m64 "},
    /* push %ebx; fldl 0x1000(%esp): with the first it would be more than a page */
    {{0x53, 0xdd, 0x84, 0x24, 0, 0x10, 0, 0, 0xf4},
     "window window_st32 x87_fld_m64 ",
     "st32 x87_fld_m64 "},
    /* push %ebx; push %ebx; cpuid; fldl (%esp): a helper, behind which all is by the TLB */
    {{0x53, 0x53, 0x0f, 0xa2, 0xdd, 4, 0x24, 0xf4},
     "window window_st32 st32 x87_fld_m64 ",
     "st32 st32 x87_fld_m64 "},
};

START_TEST(by_the_window)
{
    ck_assert_str_eq(accesses_of(cases[_i].code),
                     i386_uops.window.form ? cases[_i].accesses : cases[_i].by_tlb);
}
END_TEST

/* A loop is in its block several times if it is as short as its engine would have it. */
START_TEST(loops)
{
    /* inc %eax, thrice or four times; dec %ecx; jnz to the first; hlt */
    static const u8 five[] = {0x40, 0x40, 0x40, 0x49, 0x75, 0xfa, 0xf4};
    static const u8 six[] = {0x40, 0x40, 0x40, 0x40, 0x49, 0x75, 0xf9, 0xf4};
    u32 longest = template_engine()->loop_body;

    ck_assert_uint_eq(longest, 5);
    decode(five, longest);
    ck_assert_uint_eq(s.insns, LOOP_INSNS / 5 * 5);
    decode(six, longest);
    ck_assert_uint_eq(s.insns, 6);
    decode(six, ir_engine()->loop_body);
    ck_assert_uint_eq(s.insns, LOOP_INSNS / 6 * 6);
    decode(five, 0);
    ck_assert_uint_eq(s.insns, 5);
}
END_TEST

Suite *window_stream_suite(void)
{
    Suite *suite = suite_create("streams");
    TCase *c = tcase_create("streams");

    tcase_add_test(c, loops);
    tcase_add_loop_test(c, by_the_window, 0, sizeof cases / sizeof *cases);
    suite_add_tcase(suite, c);
    return suite;
}
