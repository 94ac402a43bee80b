// A few threads that do the same work side by side.
#pragma once

#include <cstdint>

namespace unstuck {

// Call work(context, number) for numbers 0 to threads - 1, each on a thread of its own, the first on this one.
void run_crew(int threads, void (*work)(void*, int), void* context);

// Hands out the parts of one turn after the other. Waiting begins with looking, which is quick where the others are nearly done, and
// goes on with leaving the core to others, so that a busy machine does not turn waiting into work.
class Turns {
public:
    explicit Turns(int parts) : parts_(parts) {}

    // Offer the parts of the next turn. What was written before is seen by whoever takes one.
    void begin() { __atomic_store_n(&state_, (__atomic_load_n(&state_, __ATOMIC_RELAXED) / turn + 1) * turn, __ATOMIC_RELEASE); }

    // Send everybody home until the next turn begins.
    void close() { __atomic_store_n(&state_, (__atomic_load_n(&state_, __ATOMIC_RELAXED) / turn + 1) * turn + closed, __ATOMIC_RELEASE); }

    // Wait for a part that nobody has taken, and return its number; -1 when all is over.
    int take() {
        for (int look = 0;; ++look) {
            std::uint64_t state = __atomic_load_n(&state_, __ATOMIC_ACQUIRE);
            const std::uint64_t part = state % turn;
            if (part == closed) return -1;
            if (part < std::uint64_t(parts_) && __atomic_compare_exchange_n(&state_, &state, state + 1, false, __ATOMIC_ACQ_REL, __ATOMIC_RELAXED)) return int(part);
            if (look < most_looks) pause();
            else leave();
        }
    }

    // Say that a part is done; true for the last one of its turn.
    bool end_part() {
        if (__atomic_add_fetch(&ended_, 1, __ATOMIC_ACQ_REL) < parts_) return false;
        __atomic_store_n(&ended_, 0, __ATOMIC_RELAXED);
        return true;
    }

private:
    static constexpr std::uint64_t turn = 1 << 16, closed = turn - 1;  // the state counts turns, and in each the parts taken
    static constexpr int most_looks = 2000;
    static void pause() {
#if defined(__x86_64__)
        __builtin_ia32_pause();
#endif
    }
    static void leave();

    const int parts_;
    alignas(64) std::uint64_t state_ = closed;
    alignas(64) int ended_ = 0;
};

}  // namespace unstuck
