// A few threads that do the same work side by side.
#pragma once

#include <cstdint>

namespace unstuck {

// Call work(context, number) for numbers 0 to threads - 1, each on a thread of its own, the first on this one.
void run_crew(int threads, void (*work)(void*, int), void* context);

// Lets threads wait for each other. Waiting begins with looking, which is quick where the others are nearly done, and goes on with
// leaving the core to others, so that a busy machine does not turn waiting into work.
class Barrier {
public:
    explicit Barrier(int threads) : threads_(threads) {}
    void wait() {
        if (threads_ == 1) return;
        const std::uint32_t round = __atomic_load_n(&round_, __ATOMIC_RELAXED);
        if (__atomic_add_fetch(&arrived_, 1, __ATOMIC_ACQ_REL) == threads_) {
            __atomic_store_n(&arrived_, 0, __ATOMIC_RELAXED);
            __atomic_store_n(&round_, round + 1, __ATOMIC_RELEASE);
            return;
        }
        for (int look = 0; __atomic_load_n(&round_, __ATOMIC_ACQUIRE) == round; ++look) {
            if (look < most_looks) pause();
            else leave();
        }
    }

private:
    static constexpr int most_looks = 2000;
    static void pause() {
#if defined(__x86_64__)
        __builtin_ia32_pause();
#endif
    }
    static void leave();

    const int threads_;
    alignas(64) int arrived_ = 0;
    alignas(64) std::uint32_t round_ = 0;
};

}  // namespace unstuck
