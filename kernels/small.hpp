// Whole epochs of a small network in one call.
#pragma once

#include "bookkeeping.hpp"
#include "optimizers.hpp"
#include "restraints.hpp"
#include "shuffle.hpp"
#include "runner.hpp"
#include "tiles.hpp"

namespace unstuck::UNSTUCK_ISA {

template <class T, int L>
class SmallTraining final : public Runner {
public:
    using V = typename Lanes<T, L>::type;

    explicit SmallTraining(const Training<T>& training)
        : training_(training), tiles_(training_.net, training.rows), passes_(training_.net, tiles_.stride(), tiles_.tiles(training.rows.batch) == 1),
          gradient_(training.net.n_parameters), order_(training.rows.shuffled ? training.rows.count : 0) {}

    // Run up to `epochs` epochs, write the loss of each, and return how many there were.
    std::int64_t run(std::int64_t epochs, double rate_factor, const Until& until, Progress& progress, double* losses) override {
        Clock clock(until.seconds);
        for (std::int64_t done = 0; done < epochs; ++done) {
            const double loss = is_full() ? full_epoch(rate_factor, until, progress) : epoch(rate_factor, until, progress);
            losses[done] = loss;
            progress.epoch += 1;
            progress.batch = 0;
            progress.loss_sum = 0;
            if (is_last(progress, loss, until) || clock.is_over()) return done + 1;
        }
        return epochs;
    }

private:
    bool is_full() const { return training_.rows.batch == training_.rows.count; }

    double full_epoch(double rate_factor, const Until& until, Progress& progress) {
        const T loss = loss_and_gradient(0, training_.rows.count);
        if (is_best(progress, double(loss), until)) keep_best();
        note(progress, double(loss), until);
        progress.batch = 1;
        if (!(double(loss) <= until.target_loss)) update(loss, rate_factor, progress);
        return double(loss);
    }

    double epoch(double rate_factor, const Until& until, Progress& progress) {
        const Rows<T>& rows = training_.rows;
        if (rows.shuffled) permute(order_.get(), rows.count, rows.seed, rows.stream, std::uint64_t(progress.epoch));
        for (std::int64_t begin = progress.batch * rows.batch; begin < rows.count; begin += rows.batch) {
            const std::int64_t count = rows.count - begin < rows.batch ? rows.count - begin : rows.batch;
            const T loss = loss_and_gradient(begin, count);
            progress.loss_sum += double(loss) * (double(count) / double(rows.count));
            progress.batch += 1;
            update(loss, rate_factor, progress);
        }
        if (is_best(progress, progress.loss_sum, until)) keep_best();
        note(progress, progress.loss_sum, until);
        return progress.loss_sum;
    }

    T loss_and_gradient(std::int64_t begin, std::int64_t count) {
        const std::int64_t* order = training_.rows.shuffled ? order_.get() : nullptr;
        const T loss = passes_.run(training_.parameters, gradient_.get(), tiles_.tiles(count),
                                   [&](std::int64_t number) { return tiles_.get(number, order, begin, count); });
        return loss + add_penalties(training_.net, training_.parameters, gradient_.get());
    }

    void update(T loss, double rate_factor, Progress& progress) {
        const std::int64_t count = training_.net.n_parameters;
        clip(training_.limits, gradient_.get(), count);
        progress.step += 1;
        const Parts<T> parts{training_.parameters, gradient_.get(), {training_.slots[0], training_.slots[1], training_.slots[2]}, count};
        take_step(parts, training_.rule, rate_factor, progress.step, &loss, training_.previous_loss, 1);
        keep_max_norm(training_.limits, training_.net, training_.parameters);
    }

    void keep_best() { __builtin_memcpy(training_.best, training_.parameters, training_.net.n_parameters * sizeof(T)); }

    const Training<T> training_;
    Tiles<T, L> tiles_;
    Passes<T, L> passes_;
    Buffer<T> gradient_;
    Buffer<std::int64_t> order_;
};

}  // namespace unstuck::UNSTUCK_ISA
