// Many networks of one shape: groups of them, taken by the threads one after the other.
#pragma once

#include "crew.hpp"
#include "group.hpp"
#include "runner.hpp"

namespace unstuck::UNSTUCK_ISA {

template <class T, int L>
class ManyTraining final : public Many {
public:
    explicit ManyTraining(const ManyNetworks<T>& networks)
        : networks_(networks), n_groups_((networks.count + Group<T, L>::lanes - 1) / Group<T, L>::lanes), groups_(n_groups_), is_done_(n_groups_) {}

    ~ManyTraining() override {
        for (std::int64_t number = 0; number < n_groups_; ++number) delete groups_[number];
    }

    bool run(double seconds, int threads) override {
        seconds_ = seconds;
        next_ = 0;
        const std::int64_t most = threads < n_groups_ ? threads : n_groups_;
        run_crew(int(most), [](void* training, int) { static_cast<ManyTraining*>(training)->take_groups(); }, this);
        bool all = true;
        for (std::int64_t number = 0; number < n_groups_; ++number) all &= is_done_[number];
        return all;
    }

    void stop() override {
        for (std::int64_t number = 0; number < n_groups_; ++number)
            if (groups_[number] != nullptr) groups_[number]->stop();
    }

private:
    void take_groups() {
        Clock clock(seconds_);
        for (;;) {
            const std::int64_t number = __atomic_fetch_add(&next_, 1, __ATOMIC_RELAXED);
            if (number >= n_groups_) return;
            if (is_done_[number]) continue;
            if (groups_[number] == nullptr) groups_[number] = new Group<T, L>(networks_, number * Group<T, L>::lanes);
            if (!groups_[number]->run(clock)) return;
            is_done_[number] = true;
            delete groups_[number];
            groups_[number] = nullptr;
        }
    }

    const ManyNetworks<T> networks_;
    const std::int64_t n_groups_;
    Buffer<Group<T, L>*> groups_;
    Buffer<bool> is_done_;
    std::int64_t next_ = 0;
    double seconds_ = 0;
};

}  // namespace unstuck::UNSTUCK_ISA
