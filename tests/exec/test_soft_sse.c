/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * SSE in C (ops/i386/soft) against the host CPU, whatever the build: each row of sse.def on XMM
 * registers, all exceptions masked. MMX and unmasked exceptions: test_sse of a build without
 * assembly.
 */
#include "ops/i386/soft/sse.h"
#include "tests/exec/soft.h"

#include <stdio.h>
#include <string.h>

typedef float vector __attribute__((vector_size(16)));

enum { ROUNDS = 3000 };

static u32 random32(void)
{
    static u64 state = 20250117;
    state = state * 6364136223846793005 + 1442695040888963407;
    return (u32)(state >> 32);
}

static u64 random64(void)
{
    return (u64)random32() << 32 | random32();
}

/* Zeros, denormals, infinities and NaNs, numbers near each other, and bits. */
static u64 random_element(void)
{
    static const u64 specials[] = {
        0x3f80000000000000, 0x7ff0000000000000, 0x7ff8000000001234, 0x7ff0000000004321,
        0x0000000000000001, 0x000fffffffffffff, 0x0010000000000000, 0x7fefffffffffffff,
        0x3f8000003f800000, 0x7f8000007fc01234, 0x7f80432100000001, 0x007fffff00800000,
        0x7f7fffff4f000000, 0x4effffff3f000000, 0x41dfffffffc00000, 0x41e0000000000000,
        0x380fffffffffffff, 0x47efffffe0000000, 0x36a0000000000000, 0x7f80ff0001fe8180,
        0x0000000000000005, 0x0000000000000021, 0x0da242600da24260, 0x5fe0000000000000,
    };
    u64 sign = random64() & 0x8000000080000000, value = random64();

    switch (random32() % 4) {
    case 0:
        return specials[random32() % (sizeof specials / sizeof *specials)] ^ sign;
    case 1:
        return (value & 0x007fffff007fffff) | 0x3f0000003f000000 | sign;
    case 2:
        return (value & 0x001fffffffffffff) | (0x3fe0000000000000 + (value >> 60 << 52)) | sign;
    default:
        return value;
    }
}

static union sse_register random_register(void)
{
    return (union sse_register){.q = {random_element(), random_element()}};
}

struct outcome {
    union sse_register d;
    u32 result, mxcsr;
};

/* How far apart results may be, in parts of 2^12: of the approximations alone. */
static bool near(const union sse_register *a, const union sse_register *b)
{
    for (unsigned i = 0; i < 4; i++) {
        float x, y;
        memcpy(&x, &a->l[i], sizeof x);
        memcpy(&y, &b->l[i], sizeof y);
        bool both_tiny = (x < 0 ? -x : x) < 0x1p-125F && (y < 0 ? -y : y) < 0x1p-125F;
        float apart = x > y ? x - y : y - x, most = (x < 0 ? -x : x) * 0x1p-10F;
        if (a->l[i] != b->l[i] && !both_tiny && !(apart <= most))
            return false;
    }
    return true;
}

static void check(const char *name, const struct outcome *host, const struct outcome *soft,
                  const union sse_register *d, const union sse_register *s, u32 mxcsr)
{
    bool same = !memcmp(&host->d, &soft->d, sizeof host->d);

    if (!strncmp(name, "rcp", 3) || !strncmp(name, "rsqrt", 5))
        same = near(&host->d, &soft->d);
    ck_assert_msg(same && host->result == soft->result && host->mxcsr == soft->mxcsr,
                  "%s of %016lx%016lx and %016lx%016lx, mxcsr %04x: %016lx%016lx result %x mxcsr "
                  "%04x, on the host %016lx%016lx result %x mxcsr %04x",
                  name, d->q[1], d->q[0], s->q[1], s->q[0], mxcsr, soft->d.q[1], soft->d.q[0],
                  soft->result, soft->mxcsr, host->d.q[1], host->d.q[0], host->result, host->mxcsr);
}

/* Each of `host` and `soft` is code on d, s and result, of an outcome. */
#define COMPARE(name, host_code, soft_code)                                                        \
    static void compare_##name(void)                                                               \
    {                                                                                              \
        union sse_register a = random_register(), s = random_register();                           \
        u32 mxcsr = MXCSR_RESET | (random32() & 0xe040), before;                                   \
        struct outcome host = {.d = a}, soft = {.d = a};                                           \
        vector d;                                                                                  \
        (void)s;                                                                                   \
        memcpy(&d, &a, sizeof d);                                                                  \
        __asm__ volatile("stmxcsr %0\n\tldmxcsr %1" : "=m"(before) : "m"(mxcsr));                  \
        host_code;                                                                                 \
        __asm__ volatile("stmxcsr %0\n\tldmxcsr %1" : "=m"(host.mxcsr) : "m"(before));             \
        memcpy(&host.d, &d, sizeof d);                                                             \
        soft_mxcsr = mxcsr;                                                                        \
        soft_code;                                                                                 \
        soft.mxcsr = soft_mxcsr;                                                                   \
        check(#name, &host, &soft, &a, &s, mxcsr);                                                 \
    }

#define XMM(name, opcode, form, needs, fp)                                                         \
    COMPARE(name,                                                                                  \
            __asm__ volatile(#name " %1, %0"                                                       \
                             : "+x"(d)                                                             \
                             : "m"(s)),                                                            \
            helper_soft_##name(&soft.d, &s))
#define XMM_UNARY(name, opcode, form, needs, fp) XMM(name, opcode, form, needs, fp)
#define XMM_MERGE(name)                                                                            \
    COMPARE(name,                                                                                  \
            __asm__ volatile("movups %1, %%xmm7\n\t" #name " %%xmm7, %0"                           \
                             : "+x"(d)                                                             \
                             : "m"(s)                                                              \
                             : "xmm7"),                                                            \
            helper_soft_##name(&soft.d, &s))
#define XMM_FLAGS(name, opcode, form, needs, fp)                                                   \
    COMPARE(name,                                                                                  \
            __asm__ volatile(#name " %2, %1\n\tlahf\n\tmovzbl %%ah, %%eax\n\tandl $0x45, %%eax"    \
                             : "=a"(host.result)                                                   \
                             : "x"(d), "m"(s)                                                      \
                             : "cc"),                                                              \
            soft.result = helper_soft_##name(&soft.d, &s))
#define XMM_GPR(name, opcode, form, needs, fp)                                                     \
    COMPARE(name,                                                                                  \
            __asm__ volatile(#name " %1, %0"                                                       \
                             : "=r"(host.result)                                                   \
                             : "x"(d)),                                                            \
            soft.result = helper_soft_##name(&soft.d))
#include "ops/i386/sse.def"

/* Some immediates of each. */
#define IMMEDIATE(name, n)                                                                         \
    COMPARE(name##_##n,                                                                            \
            __asm__ volatile(#name " $" #n ", %1, %0"                                              \
                             : "+x"(d)                                                             \
                             : "m"(s)),                                                            \
            helper_soft_##name(&soft.d, &s, n))
#define IMMEDIATES(name)                                                                           \
    IMMEDIATE(name, 0)                                                                             \
    IMMEDIATE(name, 1)                                                                             \
    IMMEDIATE(name, 2)                                                                             \
    IMMEDIATE(name, 3)                                                                             \
    IMMEDIATE(name, 4)                                                                             \
    IMMEDIATE(name, 5)                                                                             \
    IMMEDIATE(name, 6)                                                                             \
    IMMEDIATE(name, 7)                                                                             \
    IMMEDIATE(name, 27)                                                                            \
    IMMEDIATE(name, 177)
#define XMM_IMM(name, opcode, form, needs, fp) IMMEDIATES(name)
#define XMM_SHUFFLE(name, opcode, form, needs) IMMEDIATES(name)
#define SHIFT(name, n)                                                                             \
    COMPARE(name##_imm_##n,                                                                        \
            __asm__ volatile(#name " $" #n ", %0"                                                  \
                             : "+x"(d)),                                                           \
            helper_soft_##name##_imm(&soft.d, n))
#define XMM_SHIFT(name, opcode, reg, needs)                                                        \
    SHIFT(name, 0) SHIFT(name, 1) SHIFT(name, 7) SHIFT(name, 16) SHIFT(name, 33) SHIFT(name, 200)
#include "ops/i386/sse.def"

static const struct {
    const char *name;
    void (*compare)(void);
} rows[] = {
#define ROW(name)                                {#name, compare_##name},
#define XMM(name, opcode, form, needs, fp)       ROW(name)
#define XMM_UNARY(name, opcode, form, needs, fp) ROW(name)
#define XMM_MERGE(name)                          ROW(name)
#define XMM_FLAGS(name, opcode, form, needs, fp) ROW(name)
#define XMM_GPR(name, opcode, form, needs, fp)   ROW(name)
#define ROWS(name)                                                                                 \
    ROW(name##_0)                                                                                  \
    ROW(name##_1)                                                                                  \
    ROW(name##_2)                                                                                  \
    ROW(name##_3)                                                                                  \
    ROW(name##_4) ROW(name##_5) ROW(name##_6) ROW(name##_7) ROW(name##_27) ROW(name##_177)
#define XMM_IMM(name, opcode, form, needs, fp) ROWS(name)
#define XMM_SHUFFLE(name, opcode, form, needs) ROWS(name)
#define XMM_SHIFT(name, opcode, reg, needs)                                                        \
    ROW(name##_imm_0)                                                                              \
    ROW(name##_imm_1) ROW(name##_imm_7) ROW(name##_imm_16) ROW(name##_imm_33) ROW(name##_imm_200)
#include "ops/i386/sse.def"
};

START_TEST(test_row)
{
    for (unsigned i = 0; i < ROUNDS; i++)
        rows[_i].compare();
}
END_TEST

Suite *soft_sse_suite(void)
{
    Suite *s = suite_create("SSE in C");
    TCase *against_host = tcase_create("against the host");

    tcase_set_timeout(against_host, 300);
    tcase_add_loop_test(against_host, test_row, 0, (int)(sizeof rows / sizeof *rows));
    suite_add_tcase(s, against_host);
    return s;
}
