/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Paging with 32-bit entries (SDM vol. 3, 4.3 to 4.10). The first 8 MiB are mapped onto
 * themselves, by 4 KiB pages that CPL 3 may use; tests have the 4 MiB at WINDOW to themselves.
 */
#include "guest.inc"

#define WINDOW 0x40000000
#define PAGE(n) (WINDOW + (n) * 0x1000)

#define P 0x001
#define W 0x002
#define U 0x004
#define A 0x020
#define D 0x040
#define PS 0x080

#define CR0_WP 0x00010000
#define CR0_PG 0x80000000

/* A page of the window. */
#define MAP(n, entry)                                                                              \
    movl entry, window_table + (n) * 4;                                                            \
    invlpg PAGE(n)
#define ENTRY(n) window_table + (n) * 4
#define DIRECTORY(address) directory + ((address) >> 22) * 4

#define FAULTS_AT(error, address, ...)                                                             \
    FAULTS(PF, error, __VA_ARGS__);                                                                \
    IS(caught_cr2, $address)
#define USER_FAULTS_AT(error, address, ...)                                                        \
    USER_FAULTS(PF, error, __VA_ARGS__);                                                           \
    IS(caught_cr2, $address)
#define PROTECT_WRITES(on)                                                                         \
    movl %cr0, %eax;                                                                               \
    andl $~CR0_WP, %eax;                                                                           \
    orl $(on) * CR0_WP, %eax;                                                                      \
    movl %eax, %cr0

    .text
    .code32
    .globl image
image:
    call enable
    call error_codes
    call rights
    call bits
    call crossing
    call pushes
    call strings
    call mapping
    call code
    call big_pages
    call double_faults
    ret

enable:
    CHECK("paging is turned on")
    movl $directory, %edi
    movl $0x2000, %ecx
    xorl %eax, %eax
    rep stosl
    movl $low_tables + P + W + U, DIRECTORY(0)
    movl $low_tables + 0x1000 + P + W + U, DIRECTORY(0x400000)
    movl $window_table + P + W + U, DIRECTORY(WINDOW)
    movl $low_tables, %edi
    movl $P + W + U, %eax
1:  stosl
    addl $0x1000, %eax
    cmpl $0x800000, %eax
    jb 1b
    movl $directory, %eax
    movl %eax, %cr3
    movl %cr0, %eax
    orl $CR0_PG, %eax
    movl %eax, %cr0
    jmp 1f
1:  movl %cr0, %eax
    shrl $31, %eax
    IS(%eax, $1)
    movl $0x12345678, data
    MAP(0, $data + P + W + U)
    IS(PAGE(0), $0x12345678)
    ret

error_codes:
    CHECK("error codes of a page that is not present")
    MAP(1, $0)
    FAULTS_AT(0, PAGE(1) + 8, movl PAGE(1) + 8, %eax)
    FAULTS_AT(2, PAGE(1) + 9, movb %al, PAGE(1) + 9)
    FAULTS_AT(2, PAGE(1) + 12, addl $1, PAGE(1) + 12)
    FAULTS_AT(0, PAGE(1), cmpl $1, PAGE(1))
    USER_FAULTS_AT(4, PAGE(1) + 3, movb PAGE(1) + 3, %al)
    USER_FAULTS_AT(6, PAGE(1) + 0xffc, movl %eax, PAGE(1) + 0xffc)
    FAULTS_AT(0, 0x80000004, movl 0x80000004, %eax) /* nor is its table */
    USER_FAULTS_AT(6, 0x80000004, movl %eax, 0x80000004)

    CHECK("error codes of a page for the supervisor")
    MAP(2, $data + P + W)
    movl PAGE(2), %eax
    movl %eax, PAGE(2)
    USER_FAULTS_AT(5, PAGE(2), movl PAGE(2), %eax)
    USER_FAULTS_AT(7, PAGE(2), movl %eax, PAGE(2))
    USER_FAULTS_AT(7, PAGE(2) + 2, orb $1, PAGE(2) + 2)

    CHECK("error codes of a page that is not for writing")
    MAP(3, $data + P + U)
    PROTECT_WRITES(1)
    movl PAGE(3), %eax
    FAULTS_AT(3, PAGE(3), movl %eax, PAGE(3))
    FAULTS_AT(3, PAGE(3) + 4, incl PAGE(3) + 4)
    USER_RUNS(movl PAGE(3), %eax)
    USER_FAULTS_AT(7, PAGE(3), movl %eax, PAGE(3))

    CHECK("CR0.WP clear: the supervisor writes all the same")
    PROTECT_WRITES(0)
    movl $0xabcd1234, PAGE(3)
    IS(data, $0xabcd1234)
    incl PAGE(3)
    IS(data, $0xabcd1235)
    USER_FAULTS_AT(7, PAGE(3), movl %eax, PAGE(3))
    CHECK("CR0.WP set again: it does not")
    PROTECT_WRITES(1)
    FAULTS_AT(3, PAGE(3), movl %eax, PAGE(3))
    PROTECT_WRITES(0)

    CHECK("error codes of a fetch")
    MAP(1, $0)
    CATCH(1f)
    movl $PAGE(1) + 0x10, %eax
    jmp *%eax
1:  CAUGHT(PF, 0, PAGE(1) + 0x10)
    IS(caught_cr2, $PAGE(1) + 0x10)
    USER(2f, PAGE(1) + 0x10)
2:  CAUGHT(PF, 4, PAGE(1) + 0x10)
    USER(3f, PAGE(2) + 0x10)
3:  CAUGHT(PF, 5, PAGE(2) + 0x10)
    IS(caught_cr2, $PAGE(2) + 0x10)
    ret

rights:
    CHECK("both levels must allow the user")
    movl $window_table + P + W, DIRECTORY(WINDOW)
    MAP(0, $data + P + W + U)
    USER_FAULTS_AT(5, PAGE(0), movl PAGE(0), %eax)
    movl PAGE(0), %eax
    CHECK("both levels must allow writing")
    PROTECT_WRITES(1)
    movl $window_table + P + U, DIRECTORY(WINDOW)
    MAP(0, $data + P + W + U)
    USER_RUNS(movl PAGE(0), %eax)
    USER_FAULTS_AT(7, PAGE(0), movl %eax, PAGE(0))
    FAULTS_AT(3, PAGE(0), movl %eax, PAGE(0))
    PROTECT_WRITES(0)
    movl $window_table + P + W + U, DIRECTORY(WINDOW)
    MAP(0, $data + P + W + U)
    USER_RUNS(movl %eax, PAGE(0))

    CHECK("descriptors are read as the supervisor")
    MAP(0, $data + P + W)
    movl gdt + UDATA - 3, %eax
    movl %eax, PAGE(0) + UDATA - 3
    movl gdt + UDATA + 1, %eax
    movl %eax, PAGE(0) + UDATA + 1
    sgdt pointer
    movl $PAGE(0), pointer + 2
    movl $6, %ecx /* the rest of the table that the way back needs */
1:  movl gdt(,%ecx,8), %eax
    movl %eax, PAGE(0)(,%ecx,8)
    movl gdt + 4(,%ecx,8), %eax
    movl %eax, PAGE(0) + 4(,%ecx,8)
    decl %ecx
    jnz 1b
    lgdt pointer
    USER_RUNS(movl $UDATA, %eax; movl %eax, %gs; movl %gs:data, %eax)
    lgdt gdt_pointer
    ret

bits:
    CHECK("a read sets accessed bits")
    MAP(4, $data + P + W + U)
    andl $~A, DIRECTORY(WINDOW)
    movl PAGE(4), %eax
    IS_MASKED(ENTRY(4), $A + D, $A)
    IS_MASKED(DIRECTORY(WINDOW), $A, $A)
    CHECK("a write after it sets the dirty bit")
    movl %eax, PAGE(4)
    IS_MASKED(ENTRY(4), $A + D, $A + D)
    CHECK("a write sets both")
    MAP(4, $data + P + W + U)
    movb %al, PAGE(4) + 0x123
    IS_MASKED(ENTRY(4), $A + D, $A + D)
    CHECK("a read-modify-write sets both")
    MAP(4, $data + P + W + U)
    xorb $1, PAGE(4) + 0x123
    IS_MASKED(ENTRY(4), $A + D, $A + D)
    CHECK("after INVLPG they are set anew")
    MAP(4, $data + P + W + U)
    movl PAGE(4), %eax
    IS_MASKED(ENTRY(4), $A + D, $A)
    CHECK("a write that faults sets no dirty bit")
    PROTECT_WRITES(1)
    MAP(4, $data + P + U)
    FAULTS_AT(3, PAGE(4), movl %eax, PAGE(4))
    IS_MASKED(ENTRY(4), $D, $0)
    PROTECT_WRITES(0)
    CHECK("a fetch sets the accessed bit")
    MAP(4, $returns_1 + P + W + U)
    movl $PAGE(4), %eax
    call *%eax
    IS_MASKED(ENTRY(4), $A + D, $A)
    CHECK("rep stos and push set the dirty bit")
    MAP(4, $data + P + W + U)
    movl $PAGE(4), %edi
    movl $16, %ecx
    rep stosb
    IS_MASKED(ENTRY(4), $D, $D)
    MAP(4, $data + P + W + U)
    movl %esp, %ebx
    movl $PAGE(5), %esp
    pushl $1
    movl %ebx, %esp
    IS_MASKED(ENTRY(4), $D, $D)
    ret

/* Page 6 is there, page 7 is not. */
#define NOT_DONE(error, ...)                                                                       \
    movl $0x11111111, data + 0xffc;                                                                \
    FAULTS_AT(error, PAGE(7), __VA_ARGS__);                                                        \
    IS(data + 0xffc, $0x11111111)

crossing:
    MAP(6, $data + P + W + U)
    MAP(7, $0)
    movl $0x98765432, %eax
    movl $0x98765432, %edx
    CHECK("a read across pages faults on the second")
    FAULTS_AT(0, PAGE(7), movl PAGE(7) - 1, %ecx)
    FAULTS_AT(0, PAGE(7), movw PAGE(7) - 1, %cx)
    FAULTS_AT(0, PAGE(7), fldl PAGE(7) - 4)
    CHECK("a write across pages faults on the second, with nothing written")
    NOT_DONE(2, movl %eax, PAGE(7) - 1)
    NOT_DONE(2, movl %eax, PAGE(7) - 2)
    NOT_DONE(2, movl %eax, PAGE(7) - 3)
    NOT_DONE(2, movw %ax, PAGE(7) - 1)
    NOT_DONE(2, movl $0x98765432, PAGE(7) - 2)
    CHECK("a read-modify-write across pages likewise")
    NOT_DONE(2, addl %eax, PAGE(7) - 1)
    NOT_DONE(2, notl PAGE(7) - 2)
    NOT_DONE(2, shll $3, PAGE(7) - 3)
    NOT_DONE(2, xchgl %eax, PAGE(7) - 2)
    IS(%eax, $0x98765432)
    NOT_DONE(2, xaddl %eax, PAGE(7) - 2)
    IS(%eax, $0x98765432)
    NOT_DONE(2, cmpxchgl %edx, PAGE(7) - 2)
    NOT_DONE(2, cmpxchg8b PAGE(7) - 4)
    IS(%eax, $0x98765432)
    IS(%edx, $0x98765432)
    NOT_DONE(2, btsl $4, PAGE(7) - 3)
    CHECK("x87 stores across pages likewise")
    fninit
    fld1
    NOT_DONE(2, fstpl PAGE(7) - 4)
    NOT_DONE(2, fstpt PAGE(7) - 4)
    NOT_DONE(2, fistpll PAGE(7) - 4)
    NOT_DONE(2, fistps PAGE(7) - 1)
    movl $0, data
    fistpl data /* it is still there */
    IS(data, $1)
    ret

/* A push at CPL 3 with that ESP, which stays. */
#define PUSH_FAULTS(stack, cr2, ...)                                                               \
    USER(8f, 6f);                                                                                  \
    6: movl $stack, %esp;                                                                          \
    7: __VA_ARGS__;                                                                                \
    ud2;                                                                                           \
    8: CAUGHT(PF, 6, 7b);                                                                          \
    IS(caught_esp, $stack);                                                                        \
    IS(caught_cr2, $cr2)

pushes:
    CHECK("a push that faults leaves ESP")
    MAP(5, $0)
    PUSH_FAULTS(PAGE(6), PAGE(6) - 4, pushl %eax)
    PUSH_FAULTS(PAGE(6), PAGE(6) - 4, pushl $1)
    PUSH_FAULTS(PAGE(6), PAGE(6) - 4, pushfl)
    PUSH_FAULTS(PAGE(6), PAGE(6) - 4, pushl data)
    PUSH_FAULTS(PAGE(6), PAGE(6) - 4, pushl %ds)
    PUSH_FAULTS(PAGE(6), PAGE(6) - 4, call 7b)
    PUSH_FAULTS(PAGE(6), PAGE(6) - 4, call *%eax)
    PUSH_FAULTS(PAGE(6), PAGE(6) - 2, pushw %ax)
    CHECK("a push across pages writes nothing where it faults")
    MAP(5, $data + 0x1000 + P + W + U)
    MAP(6, $0)
    movl $0x11111111, data + 0x1ffc
    PUSH_FAULTS(PAGE(6) + 2, PAGE(6), pushl %eax)
    PUSH_FAULTS(PAGE(6) + 1, PAGE(6), pushl $-1)
    PUSH_FAULTS(PAGE(6) + 3, PAGE(6), call 7b)
    IS(data + 0x1ffc, $0x11111111)
    MAP(6, $data + P + W + U)
    CHECK("frames across pages: pusha, enter, a far call")
    MAP(5, $0)
    PUSH_FAULTS(PAGE(6) + 12, PAGE(6) - 4, pushal)
    PUSH_FAULTS(PAGE(6) + 4, PAGE(6) - 4, lcall $UCODE, $data)
    movl $PAGE(6) + 0x100, %ebp
    PUSH_FAULTS(PAGE(6) + 8, PAGE(6) - 4, enter $0, $3)
    IS(%ebp, $PAGE(6) + 0x100)
    PUSH_FAULTS(PAGE(6) + 8, PAGE(6) - 8, enter $12, $0)
    IS(%ebp, $PAGE(6) + 0x100)
    ret

strings:
    CHECK("rep movs up to a page that is not there")
    MAP(6, $data + P + W + U)
    MAP(7, $0)
    movl $source, %esi
    movl $PAGE(7) - 40, %edi
    movl $100, %ecx
    FAULTS_AT(2, PAGE(7), rep movsl)
    IS(%ecx, $90)
    IS(%esi, $source + 40)
    IS(%edi, $PAGE(7))
    CHECK("rep movs from a page that is not there")
    movl $PAGE(7) - 12, %esi
    movl $data, %edi
    movl $100, %ecx
    FAULTS_AT(0, PAGE(7), rep movsb)
    IS(%ecx, $88)
    IS(%esi, $PAGE(7))
    IS(%edi, $data + 12)
    CHECK("rep movs of an element that crosses the page")
    movl $source, %esi
    movl $PAGE(7) - 10, %edi
    movl $100, %ecx
    movl $0x11111111, data + 0xffc
    FAULTS_AT(2, PAGE(7), rep movsl)
    IS(%ecx, $98)
    IS(%edi, $PAGE(7) - 2)
    movzwl data + 0xffe, %eax
    IS(%eax, $0x1111)
    CHECK("rep stos downwards to a page that is not there")
    MAP(5, $0)
    movl $PAGE(6) + 12, %edi
    movl $50, %ecx
    std
    FAULTS_AT(2, PAGE(6) - 4, rep stosl)
    cld
    IS(%ecx, $46)
    IS(%edi, $PAGE(6) - 4)
    CHECK("rep scas and rep cmps up to a page that is not there")
    movl $PAGE(7) - 8, %edi
    movl $0, data + 0xff8
    movl $0, data + 0xffc
    xorl %eax, %eax
    movl $64, %ecx
    FAULTS_AT(0, PAGE(7), repe scasw)
    IS(%ecx, $60)
    IS(%edi, $PAGE(7))
    movl $PAGE(7) - 8, %esi
    movl $PAGE(7) - 8, %edi
    movl $64, %ecx
    FAULTS_AT(0, PAGE(7), repe cmpsb)
    IS(%ecx, $56)
    IS(%esi, $PAGE(7))
    CHECK("movs without rep leaves its registers")
    movl $source, %esi
    movl $PAGE(7), %edi
    FAULTS_AT(2, PAGE(7), movsl)
    IS(%esi, $source)
    IS(%edi, $PAGE(7))
    CHECK("ins faults before it reads the port")
    OUTB(0x70, 0x60)
    OUTB(0x71, 0x5a)
    movw $0x71, %dx
    movl $PAGE(7), %edi
    FAULTS_AT(2, PAGE(7), insb)
    IS(%edi, $PAGE(7))
    inb $0x71, %al /* not read yet: a read moves the index away */
    movzbl %al, %eax
    IS(%eax, $0x5a)
    ret

mapping:
    movl $0x11111111, data
    movl $0x22222222, data + 0x1000
    CHECK("another page after INVLPG")
    MAP(0, $data + P + W + U)
    IS(PAGE(0), $0x11111111)
    MAP(0, $data + 0x1000 + P + W + U)
    IS(PAGE(0), $0x22222222)
    CHECK("another page after CR3 is loaded")
    movl $data + P + W + U, ENTRY(0)
    movl %cr3, %eax
    movl %eax, %cr3
    IS(PAGE(0), $0x11111111)
    CHECK("a page that is gone after CR3 is loaded")
    movl $0, ENTRY(0)
    movl %cr3, %eax
    movl %eax, %cr3
    FAULTS_AT(0, PAGE(0), movl PAGE(0), %eax)
    CHECK("a page that is back after a fault, without INVLPG")
    movl $data + P + W + U, ENTRY(0)
    IS(PAGE(0), $0x11111111)
    CHECK("another page after paging is turned off and on")
    movl $data + 0x1000 + P + W + U, ENTRY(0)
    movl %cr0, %eax
    andl $~CR0_PG, %eax
    movl %eax, %cr0
    orl $CR0_PG, %eax
    movl %eax, %cr0
    IS(PAGE(0), $0x22222222)
    CHECK("another table after CR3 is loaded")
    movl $window_table_2 + P + W + U, DIRECTORY(WINDOW)
    movl $data + P + W + U, window_table_2
    movl %cr3, %eax
    movl %eax, %cr3
    IS(PAGE(0), $0x11111111)
    movl $window_table + P + W + U, DIRECTORY(WINDOW)
    movl %cr3, %eax
    movl %eax, %cr3
    IS(PAGE(0), $0x22222222)
    CHECK("another directory")
    movl $directory, %esi
    movl $directory_2, %edi
    movl $1024, %ecx
    rep movsl
    movl $window_table_2 + P + W + U, directory_2 + (WINDOW >> 22) * 4
    movl $directory_2, %eax
    movl %eax, %cr3
    IS(PAGE(0), $0x11111111)
    movl $directory, %eax
    movl %eax, %cr3
    IS(PAGE(0), $0x22222222)
    CHECK("two addresses of one page")
    MAP(1, $data + 0x1000 + P + W + U)
    movl $0x33333333, PAGE(1) + 16
    IS(PAGE(0) + 16, $0x33333333)
    incb PAGE(0) + 16
    IS(PAGE(1) + 16, $0x33333334)
    CHECK("pages that come and go, many times")
    movl $1000, %ebp
1:  movl %ebp, %eax
    andl $1, %eax
    shll $12, %eax
    leal data + P + W + U(%eax), %eax
    MAP(0, %eax)
    movl %ebp, PAGE(0) + 8
    movl %ebp, %eax
    andl $1, %eax
    shll $12, %eax
    movl data + 8(%eax), %eax
    IS(%eax, %ebp)
    decl %ebp
    jnz 1b
    CHECK("a page without memory behind it")
    MAP(1, $0xf0000000 + P + W + U)
    movl $0, PAGE(1)
    IS(PAGE(1), $-1)
    ret

code:
    CHECK("code in another page after INVLPG")
    movl $200, %ebp
    movl $PAGE(8), %edx
1:  MAP(8, $returns_1 + P + W + U)
    call *%edx
    IS(%eax, $1)
    MAP(8, $returns_2 + P + W + U)
    call *%edx
    IS(%eax, $2)
    decl %ebp
    jnz 1b
    CHECK("code in another page after CR3 is loaded")
    movl $returns_1 + P + W + U, ENTRY(8)
    movl %cr3, %eax
    movl %eax, %cr3
    call *%edx
    IS(%eax, $1)
    CHECK("a jump into a page that is another one after INVLPG")
    movl $200, %ebp
    MAP(8, $hop + P + W + U)
1:  MAP(9, $returns_1 + P + W + U)
    call *%edx
    call *%edx
    IS(%eax, $1)
    MAP(9, $returns_2 + P + W + U)
    call *%edx
    IS(%eax, $2)
    decl %ebp
    jnz 1b
    CHECK("a jump into a page that is another one after CR3 is loaded")
    movl $returns_1 + P + W + U, ENTRY(9)
    movl %cr3, %eax
    movl %eax, %cr3
    call *%edx
    IS(%eax, $1)
    CHECK("a jump into a page that is gone")
    MAP(9, $0)
    CATCH(1f)
    jmp *%edx
1:  CAUGHT(PF, 0, PAGE(9))
    IS(caught_cr2, $PAGE(9))
    CHECK("an instruction whose second page is another one")
    MAP(8, $spans + P + W + U)
    movl $PAGE(9) - 3, %edx
    movl $100, %ebp
1:  MAP(9, $tail_1 + P + W + U)
    call *%edx
    IS(%eax, $0x11112222)
    MAP(9, $tail_2 + P + W + U)
    call *%edx
    IS(%eax, $0x33332222)
    decl %ebp
    jnz 1b
    CHECK("an instruction whose second page is gone")
    MAP(9, $0)
    CATCH(1f)
    jmp *%edx
1:  CAUGHT(PF, 0, PAGE(9) - 3)
    IS(caught_cr2, $PAGE(9))
    CHECK("what comes before it in its block is done")
    xorl %ecx, %ecx
    movl $PAGE(9) - 5, %edx
    CATCH(1f)
    jmp *%edx
1:  CAUGHT(PF, 0, PAGE(9) - 3)
    IS(caught_cr2, $PAGE(9))
    IS(%ecx, $2)
    MAP(9, $tail_1 + P + W + U)
    call *%edx
    IS(%ecx, $4)
    MAP(9, $tail_2 + P + W + U)
    call *%edx
    IS(%eax, $0x33332222)
    MAP(9, $0)
    CATCH(1f)
    jmp *%edx
1:  CAUGHT(PF, 0, PAGE(9) - 3)
    IS(%ecx, $8)
    CHECK("a jump to an instruction whose second page is another one, then gone")
    movl $PAGE(9) - 7, %edx
    movl $100, %ebp
1:  MAP(9, $tail_1 + P + W + U)
    call *%edx
    call *%edx
    IS(%eax, $0x11112222)
    MAP(9, $tail_2 + P + W + U)
    call *%edx
    call *%edx
    IS(%eax, $0x33332222)
    movl $tail_1 + P + W + U, ENTRY(9)
    movl %cr3, %eax
    movl %eax, %cr3
    call *%edx
    IS(%eax, $0x11112222)
    decl %ebp
    jnz 1b
    MAP(9, $0)
    CATCH(1f)
    jmp *%edx
1:  CAUGHT(PF, 0, PAGE(9) - 3)
    CHECK("code up to the end of a page before one that is gone")
    MAP(8, $last + P + W + U)
    xorl %ecx, %ecx
    CATCH(1f)
    movl $PAGE(9) - 2, %edx
    jmp *%edx
1:  CAUGHT(PF, 0, PAGE(9))
    IS(%ecx, $2)
    CHECK("code changed by another address")
    MAP(8, $returns_1 + P + W + U)
    MAP(9, $returns_1 + P + W + U)
    movl $PAGE(8), %edx
    call *%edx
    IS(%eax, $1)
    movb $7, PAGE(9) + 1
    call *%edx
    IS(%eax, $7)
    call returns_1
    IS(%eax, $7)
    movb $1, returns_1 + 1
    movl $PAGE(9), %ecx
    call *%ecx
    IS(%eax, $1)
    call *%edx
    IS(%eax, $1)
    CHECK("a block changed by another address while it runs")
    MAP(8, $changes + P + W + U)
    MAP(9, $changes + P + W + U)
    movl $PAGE(8), %edx
    movl $10, %ebp
1:  movl %ebp, %ecx
    call *%edx
    IS(%eax, %ebp)
    decl %ebp
    jnz 1b
    CHECK("code of the user becomes the supervisor's")
    MAP(8, $user_code + P + W + U)
    USER(1f, PAGE(8))
1:  CAUGHT(UD, 0, PAGE(8) + 1)
    MAP(8, $user_code + P + W)
    USER(1f, PAGE(8))
1:  CAUGHT(PF, 5, PAGE(8))
    ret

big_pages:
    CHECK("CR4.PSE clear: bit 7 of a directory entry means nothing")
    movl $0x11111111, data
    movl $window_table + P + W + U + PS, DIRECTORY(WINDOW)
    movl %cr3, %eax
    movl %eax, %cr3
    MAP(0, $data + P + W + U)
    IS(PAGE(0), $0x11111111)
    movl $window_table + P + W + U, DIRECTORY(WINDOW)
    CHECK("a page of 4 MiB")
    movl %cr4, %eax
    orl $0x10, %eax
    movl %eax, %cr4
    movl $P + W + U + PS, DIRECTORY(0x40400000)
    IS(0x40400000 + data, $0x11111111)
    IS_MASKED(DIRECTORY(0x40400000), $A + D, $A)
    CHECK("a page of 4 MiB: a write sets the dirty bit")
    movl $0x44444444, 0x40400000 + data
    IS(data, $0x44444444)
    IS_MASKED(DIRECTORY(0x40400000), $A + D, $A + D)
    CHECK("a page of 4 MiB: another one after INVLPG of any address in it")
    movl $0x99999999, 0x400000
    movl 0x40400000, %eax
    movl $0x400000 + P + W + U + PS, DIRECTORY(0x40400000)
    invlpg 0x407ff000
    IS(0x40400000, $0x99999999)
    CHECK("a page of 4 MiB becomes a table")
    movl $window_table + P + W + U, DIRECTORY(0x40400000)
    invlpg 0x40400000
    IS(0x40400000, $0x44444444)
    CHECK("a page of 4 MiB: rights")
    movl $P + PS, DIRECTORY(0x40400000)
    invlpg 0x40400000
    PROTECT_WRITES(1)
    FAULTS_AT(3, 0x40400000 + data, movl %eax, 0x40400000 + data)
    USER_FAULTS_AT(5, 0x40400000 + data, movl 0x40400000 + data, %eax)
    USER_FAULTS_AT(7, 0x40400000 + data, movl %eax, 0x40400000 + data)
    PROTECT_WRITES(0)
    CHECK("a page of 4 MiB: reserved bits")
    movl $P + W + U + PS + 0x200000, DIRECTORY(0x40400000)
    invlpg 0x40400000
    FAULTS_AT(9, 0x40400000 + data, movl 0x40400000 + data, %eax)
    USER_FAULTS_AT(0xf, 0x40400000 + data, movl %eax, 0x40400000 + data)
    movl $0, DIRECTORY(0x40400000)
    CHECK("code in a page of 4 MiB")
    movl $P + W + U + PS, DIRECTORY(0x40400000)
    invlpg 0x40400000
    movl $0x40400000 + returns_1, %edx
    call *%edx
    IS(%eax, $1)
    movb $9, returns_1 + 1
    call *%edx
    IS(%eax, $9)
    movb $1, returns_1 + 1
    ret

double_faults:
    movl $idt, %esi
    movl $data, %edi
    movl $512, %ecx
    rep movsl
    CHECK("a page fault in the delivery of a page fault is a double fault")
    movl $idt, %esi /* the table's first 14 gates end a page */
    movl $data + 0x1000 - 14 * 8, %edi
    movl $14 * 2, %ecx
    rep movsl
    MAP(6, $data + P + W + U)
    MAP(7, $0)
    movl $PAGE(7) - 14 * 8, pointer + 2
    movw $256 * 8 - 1, pointer
    lidt pointer
    FAULTS(DF, 0, movl 0x80000000, %eax)
    IS(caught_cr2, $PAGE(7) + 0)
    lidt idt_pointer
    CHECK("a page fault in the delivery of #GP is one after the other")
    movl $idt + 14 * 8, %esi
    movl $data, %edi
    movl $14 * 2, %ecx
    rep movsl
    MAP(5, $0)
    movl $PAGE(6) - 14 * 8, pointer + 2
    lidt pointer
    movl $0xfff8, %eax
    FAULTS(PF, 0, movl %eax, %fs)
    IS(caught_cr2, $PAGE(6) - 8)
    lidt idt_pointer
    ret

/* Pages of code that the window shows. */
    .align 4096
returns_1:
    movl $1, %eax
    ret
    .align 4096
returns_2:
    movl $2, %eax
    ret
    .align 4096
hop:
    jmp hop + 0x1000
    .align 4096
changes: /* PAGE(9) is the same page */
    movl %ecx, PAGE(9) + 12
    jmp changes + 11
    nop
    nop
    nop
    movl $0, %eax
    ret
    .align 4096
user_code:
    nop
    ud2
    .align 4096
spans:
    .skip 4096 - 7
    jmp 1f /* a way into the block across pages that can be chained */
1:  incl %ecx
    incl %ecx
    .byte 0xb8, 0x22, 0x22 /* movl $0x....2222, %eax */
tail_1:
    .byte 0x11, 0x11
    ret
    .align 4096
tail_2:
    .byte 0x33, 0x33
    ret
    .align 4096
last:
    .skip 4096 - 2
    incl %ecx
    incl %ecx
    .align 4096

    .data
    .align 8
    .word 0
pointer: .word 0
    .long 0
source: .fill 100, 4, 0x5a5a5a5a

    .bss
    .align 4096
directory: .skip 4096
directory_2: .skip 4096
window_table: .skip 4096
window_table_2: .skip 4096
low_tables: .skip 8192
data: .skip 4096 * 4
