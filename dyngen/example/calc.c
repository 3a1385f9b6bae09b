/* SPDX-License-Identifier: 0BSD */
/*
 * calc EXPRESSION: compiles it to machine code by stitching templates together, and runs that.
 * Only a compiler that knows preserve_none can compile this, since it calls the code.
 */
#include "state.h"
#include "templates.h"
#include <stdio.h>
#include <stdlib.h>
#include <sys/mman.h>

enum { LONGEST = 2000, CODE = 65536 };

typedef enum dyngen_status emitter(struct dyngen_emit *);

static struct dyngen_emit e;
static const char *in;

static void fail(const char *why)
{
    fprintf(stderr, "calc: %s\n", why);
    exit(1);
}

/* Where the code goes when it is through, and where op_divide goes instead of dividing. */
OP(long) calc_leave(STATE)
{
    (void)stack;
    return top;
}

static OP(long) divided_by_zero(STATE)
{
    fail("division by zero");
    return (long)stack + top;
}

static void emit(emitter *op)
{
    enum dyngen_status status = op(&e);
    if (status)
        fail(status == DYNGEN_RANGE ? "a number is too large" : "the expression is too long");
}

static int peek(void)
{
    while (*in == ' ')
        in++;
    return *in;
}

static void expression(int level);

static void factor(void)
{
    if (peek() == '-') {
        in++;
        factor();
        emit(emit_negate);
    } else if (peek() == '(') {
        in++;
        expression(0);
        if (peek() != ')')
            fail(") is missing");
        in++;
    } else {
        const char *start = in;
        e.param[0] = strtoul(start, (char **)&in, 10);
        if (in == start || *start == '+')
            fail("a number is missing");
        emit(emit_number);
    }
}

/* Level 0: a sum of products. Level 1: a product of factors. */
static void expression(int level)
{
    static emitter *const emits[][2] = {{emit_add, emit_subtract}, {emit_multiply, emit_divide}};
    const char *ops = level ? "*/" : "+-";
    level ? factor() : expression(1);
    for (int op; (op = peek()) == ops[0] || op == ops[1]; emit(emits[level][op == ops[1]])) {
        in++;
        level ? factor() : expression(1);
    }
}

int main(int argc, char **argv)
{
    static long stack[LONGEST + 1]; /* a number takes a character, so it cannot overflow */
    if (argc != 2 || strlen(argv[1]) > LONGEST)
        fail("give it one short expression");
    /* Near the helpers: a program that is not a PIE has them in the low 2 GiB. */
    uint8_t *code = mmap(NULL, CODE, PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS | MAP_32BIT, -1, 0);
    if (code == MAP_FAILED)
        fail("no memory for code");
    e = (struct dyngen_emit){.at = code, .end = code + CODE};
    e.target[DYNGEN_COLD] = (const void *)divided_by_zero;
    in = argv[1];
    expression(0);
    if (peek())
        fail("the expression goes on after its end");
    emit(emit_leave);
    if (mprotect(code, CODE, PROT_EXEC))
        fail("the code cannot be run");
    printf("%ld\n", ((OP(long)(*)(STATE))(uintptr_t)code)(stack, 0));
    return 0;
}
