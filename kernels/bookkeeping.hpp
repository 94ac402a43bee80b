// When to stop, and which parameters were the best.
#pragma once

#include "specification.hpp"

#include <ctime>

namespace unstuck::UNSTUCK_ISA {

inline double seconds_now() {
    std::timespec now;
    std::timespec_get(&now, TIME_UTC);
    return double(now.tv_sec) + 1e-9 * double(now.tv_nsec);
}

// Looks at the clock only as often as it takes.
class Clock {
public:
    explicit Clock(double seconds) : end_(seconds_now() + seconds) {}
    bool is_over() {
        if (++passed_ < wait_) return false;
        passed_ = 0;
        const double left = end_ - seconds_now();
        if (left > 0 && wait_ < 1024) wait_ *= 2;
        if (left < 2e-3) wait_ = 1;
        return left <= 0;
    }

private:
    double end_;
    int wait_ = 1, passed_ = 0;
};

// Whether the loss of an epoch is the best so far.
inline bool is_best(const Progress& progress, double loss, const Until& until) {
    return loss < progress.best_score - until.min_delta;
}

// Take note of the loss of an epoch.
inline void note(Progress& progress, double loss, const Until& until) {
    if (is_best(progress, loss, until)) {
        progress.best_score = loss;
        progress.best_epoch = progress.epoch + 1;
        progress.waited = 0;
    } else {
        progress.waited += 1;
    }
}

inline bool is_finite(double value) { return value - value == 0; }

// Whether an epoch with this loss is the last, as far as the rules of stopping go.
inline bool is_last(const Progress& progress, double loss, const Until& until) {
    return !is_finite(loss) || loss <= until.target_loss || (until.patience > 0 && progress.waited >= until.patience);
}

}  // namespace unstuck::UNSTUCK_ISA
