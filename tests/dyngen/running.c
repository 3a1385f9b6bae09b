/* SPDX-License-Identifier: GPL-3.0-or-later */
/* running.c: runs templates. */
#include "tests/dyngen/running.h"
#include <stdbool.h>
#include <sys/mman.h>
#include <unistd.h>

uint8_t *writable;
struct dyngen_emit e;
struct state state;

__asm__(".globl test_enter, test_leave\n"
        "test_enter:\n"
        "    push %rbx; push %rbp; push %r12; push %r13; push %r14; push %r15\n"
        "    sub $8, %rsp\n"
        "    mov %rdi, %r12\n"
        "    mov (%r12), %r13d\n"
        "    mov 4(%r12), %r14d\n"
        "    call *%rsi\n"
        "    add $8, %rsp\n"
        "    pop %r15; pop %r14; pop %r13; pop %r12; pop %rbp; pop %rbx\n"
        "    ret\n"
        "test_leave:\n"
        "    mov %r13d, (%r12)\n"
        "    mov %r14d, 4(%r12)\n"
        "    ret\n");

uint32_t test_helper(uint32_t x, uint32_t y)
{
    return x * 10 + y + ((uintptr_t)__builtin_frame_address(0) & 15 ? 1000 : 0);
}

uint32_t test_subtract(uint32_t x, uint32_t y)
{
    return x - y;
}

void running_setup(void)
{
    int fd = memfd_create("code", 0);
    ck_assert(fd >= 0 && ftruncate(fd, ROOM) == 0);
    writable = mmap(NULL, ROOM, PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0);
    void *exec = mmap(NULL, ROOM, PROT_READ | PROT_EXEC, MAP_SHARED | MAP_32BIT, fd, 0);
    ck_assert(writable != MAP_FAILED && exec != MAP_FAILED);
    close(fd);
    e = (struct dyngen_emit){.at = writable, .end = writable + ROOM};
    e.exec = (intptr_t)exec - (intptr_t)writable;
    state = (struct state){0};
}

const void *executable(const uint8_t *at)
{
    return (const void *)((intptr_t)at + e.exec);
}

void emit(enum dyngen_status (*op)(struct dyngen_emit *))
{
    ck_assert_int_eq(op(&e), DYNGEN_OK);
}

void run(void)
{
    emit(emit_leave);
    test_enter(&state, executable(writable));
}

const struct dyngen_template *find(const char *name)
{
    unsigned i = 0;
    while (i < dyngen_template_count && strcmp(dyngen_templates[i].name, name) != 0)
        i++;
    ck_assert_msg(i < dyngen_template_count, "%s is not there", name);
    return &dyngen_templates[i];
}

unsigned holes_of(const struct dyngen_template *t, enum dyngen_source source)
{
    unsigned count = 0;
    for (unsigned i = 0; i < t->hole_count; i++)
        count += t->holes[i].source == source;
    return count;
}
