/* SPDX-License-Identifier: 0BSD */
/*
 * calc EXPRESSION: compiles it to machine code by stitching templates together, and runs that.
 * Only a compiler that knows preserve_none can compile this, since it calls the code.
 *
 * Under gdb the code has names: `gdb --args calc '(1+2)^3'`, break calc_power, run, bt.
 */
#include "state.h"
#include "templates.h"
#include <dyngen_symbols.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/mman.h>

enum { LONGEST = 2000, CODE = 65536 };

static struct dyngen_emit e;
static struct dyngen_symbols *symbols;
static const char *in;

static void fail(const char *why)
{
    fprintf(stderr, "calc: %s\n", why);
    exit(1);
}

/* What ops call. */
long calc_power(long base, long exponent)
{
    unsigned long result = exponent >= 0, square = (unsigned long)base;
    for (; exponent > 0; exponent /= 2, square *= square)
        if (exponent % 2)
            result *= square;
    return (long)result;
}

/* Where the code goes when it is through, and where op_divide goes instead of dividing. */
OP(long) calc_leave(STATE)
{
    (void)calc, (void)stack;
    return top;
}

static OP(long) divided_by_zero(STATE)
{
    (void)calc, (void)stack, (void)top;
    fail("division by zero");
    return 0;
}

static void emit(unsigned op)
{
    const struct dyngen_template *t = &dyngen_templates[op];
    const uint8_t *at = e.at;
    enum dyngen_status status = dyngen_emit_template(&e, t);
    if (status)
        fail(status == DYNGEN_RANGE ? "a number is too large" : "the expression is too long");
    dyngen_symbols_add(symbols, t->name, at, t->size);
}

static int peek(void)
{
    while (*in == ' ')
        in++;
    return *in;
}

static void parse(int level);
static void parse_power(void);

static void parse_factor(void)
{
    if (peek() == '-') {
        in++;
        parse_power();
        emit(DYNGEN_OP_negate);
    } else if (peek() == '(') {
        in++;
        parse(0);
        if (peek() != ')')
            fail(") is missing");
        in++;
    } else {
        const char *start = in;
        e.param[0] = strtoul(start, (char **)&in, 10);
        if (in == start || *start == '+')
            fail("a number is missing");
        emit(DYNGEN_OP_number);
    }
}

static void parse_power(void)
{
    parse_factor();
    if (peek() == '^') {
        in++;
        parse_power();
        emit(DYNGEN_OP_power);
    }
}

/* Level 0: a sum of products. Level 1: a product of powers. */
static void parse(int level)
{
    static const unsigned emits[][2] = {{DYNGEN_OP_add, DYNGEN_OP_subtract},
                                        {DYNGEN_OP_multiply, DYNGEN_OP_divide}};
    const char *ops = level ? "*/" : "+-";
    level ? parse_power() : parse(1);
    for (int op; (op = peek()) == ops[0] || op == ops[1]; emit(emits[level][op == ops[1]])) {
        in++;
        level ? parse_power() : parse(1);
    }
}

static long run(const uint8_t *code)
{
    static long stack[LONGEST + 1]; /* a number takes a character, so it cannot overflow */
    struct calc calc;
    return ((OP(long)(*)(STATE))(uintptr_t)code)(&calc, stack, 0);
}

int main(int argc, char **argv)
{
    /* The pointer to struct calc is preserve_none's first argument, which is in r12. */
    static const struct dyngen_unwind unwind = {12, offsetof(struct calc, entry_stack), true};
    if (argc != 2 || strlen(argv[1]) > LONGEST)
        fail("give it one short expression");
    symbols = dyngen_symbols_open(DYNGEN_GDB, &unwind, NULL);
    if (!symbols)
        fail("no memory for symbols");
    /* Near the helpers: a program that is not a PIE has them in the low 2 GiB. */
    uint8_t *code =
        mmap(NULL, CODE, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS | MAP_32BIT, -1, 0);
    if (code == MAP_FAILED)
        fail("no memory for code");
    e = (struct dyngen_emit){.at = code, .end = code + CODE};
    e.target[DYNGEN_COLD] = (const void *)divided_by_zero;
    in = argv[1];
    emit(DYNGEN_OP_enter);
    parse(0);
    if (peek())
        fail("the expression goes on after its end");
    emit(DYNGEN_OP_leave);
    if (mprotect(code, CODE, PROT_READ | PROT_EXEC))
        fail("the code cannot be run");
    printf("%ld\n", run(code));
    dyngen_symbols_close(symbols);
    return 0;
}
