#include "crew.hpp"

#include "denormals.hpp"

#include <atomic>
#include <thread>
#include <vector>

namespace unstuck {

void run_crew(int threads, void (*work)(void*, int), void* context) {
    enum { waits, begins, goes_home };
    std::atomic<int> gate{waits};
    std::vector<std::thread> others;
    const auto join = [&](int how) {
        gate.store(how, std::memory_order_release);
        if (how == begins) work(context, 0);
        for (std::thread& other : others) other.join();
    };
    try {
        for (int number = 1; number < threads; ++number)
            others.emplace_back([&gate, work, context, number] {
                const WithoutDenormals flushed;  // as on the thread that asks
                int how;
                while ((how = gate.load(std::memory_order_acquire)) == waits) std::this_thread::yield();
                if (how == begins) work(context, number);
            });
    } catch (...) {  // the system has no thread left: whoever waits for the others would wait for ever
        join(goes_home);
        throw;
    }
    join(begins);
}

void Turns::leave() { std::this_thread::yield(); }

}  // namespace unstuck
