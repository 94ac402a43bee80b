// Numbers too small to be normal are zero while this lives, on the thread that made it.
//
// The averages of an optimizer fade away like 0.9^n where a gradient stays zero, as for a dead ReLU, and end among the numbers below
// 1e-38, with which arithmetic is up to a hundred times slower.
#pragma once

#include <cstdint>

#if defined(__x86_64__) || defined(_M_X64)
#include <xmmintrin.h>
#endif

namespace unstuck {

class WithoutDenormals {
public:
    WithoutDenormals() : before_(get()) { set(before_ | flushes); }
    ~WithoutDenormals() { set(before_); }
    WithoutDenormals(const WithoutDenormals&) = delete;
    WithoutDenormals& operator=(const WithoutDenormals&) = delete;

private:
#if defined(__x86_64__) || defined(_M_X64)
    using State = unsigned;
    static constexpr State flushes = 0x8040;  // results and operands
    static State get() { return _mm_getcsr(); }
    static void set(State state) { _mm_setcsr(state); }
#elif defined(__aarch64__)
    using State = std::uint64_t;
    static constexpr State flushes = State(1) << 24;
    static State get() {
        State state;
        __asm__ volatile("mrs %0, fpcr" : "=r"(state));
        return state;
    }
    static void set(State state) { __asm__ volatile("msr fpcr, %0" ::"r"(state)); }
#else
    using State = int;
    static constexpr State flushes = 0;
    static State get() { return 0; }
    static void set(State) {}
#endif
    State before_;
};

}  // namespace unstuck
