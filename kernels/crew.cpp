#include "crew.hpp"

#include <thread>
#include <vector>

namespace unstuck {

void run_crew(int threads, void (*work)(void*, int), void* context) {
    std::vector<std::thread> others;
    for (int number = 1; number < threads; ++number) others.emplace_back(work, context, number);
    work(context, 0);
    for (std::thread& other : others) other.join();
}

void Barrier::leave() { std::this_thread::yield(); }

}  // namespace unstuck
