// A handful of networks of one shape, trained side by side: each lane of a pack is a network.
//
// Every sum over samples is taken in the order in which the training of a single network takes it, where the samples are the lanes:
// L sums, one for each of the L lanes there, which are then added up like those.
#pragma once

#include "bookkeeping.hpp"
#include "many_passes.hpp"
#include "optimizers.hpp"
#include "restraints.hpp"
#include "shuffle.hpp"

namespace unstuck::UNSTUCK_ISA {

template <class T, int L>
class Group {
public:
    static constexpr int lanes = 8;
    using V = Pack<T, lanes>;

    // The networks from `first` on, at most as many as there are lanes. A lane without one does what the first does.
    Group(const ManyNetworks<T>& many, std::int64_t first)
        : many_(many), net_(many.first.net), rows_(many.first.rows), first_(first), count_(many.count - first < lanes ? int(many.count - first) : lanes),
          passes_(net_, samples_of(rows_.batch)), parameters_(net_.n_parameters), gradient_(net_.n_parameters), best_(net_.n_parameters),
          order_(rows_.shuffled ? lanes * rows_.count : 0) {
        for (int lane = 0; lane < lanes; ++lane) is_running_[lane] = lane < count_;
        bring_in(parameters_, many.first.parameters);
        bring_in(best_, many.first.best);
        for (int slot = 0; slot < most_slots; ++slot) {
            if (many.first.slots[slot] == nullptr) continue;
            slots_[slot] = Buffer<V>(net_.n_parameters);
            bring_in(slots_[slot], many.first.slots[slot]);
        }
        for (int lane = 0; lane < lanes; ++lane) set_lane(previous_loss_, lane, many.first.previous_loss[number_of(lane)]);
        if (is_full()) fill(0, rows_.count);
    }

    // Go on until all is done or the time is over; return whether all is done.
    bool run(Clock& clock) {
        while (epoch_ < many_.epochs && is_any_running()) {
            if (clock.is_over()) return false;
            if (is_full()) full_epoch();
            else epoch();
            ++epoch_;
        }
        stop();
        return true;
    }

    void stop() {
        for (int lane = 0; lane < count_; ++lane) finish(lane);
    }

private:
    bool is_full() const { return rows_.batch == rows_.count; }
    static std::int64_t samples_of(std::int64_t batch) { return (batch + L - 1) / L * L; }
    std::int64_t number_of(int lane) const { return first_ + (lane < count_ ? lane : 0); }
    Progress& progress(int lane) { return many_.progress[first_ + lane]; }

    bool is_any_running() const {
        bool any = false;
        for (int lane = 0; lane < count_; ++lane) any |= is_running_[lane];
        return any;
    }

    void full_epoch() {
        const V loss = loss_and_gradient();
        for (int lane = 0; lane < lanes; ++lane) loss_of_epoch_[lane] = double(unstuck::UNSTUCK_ISA::lane(loss, lane));
        take_note();
        for (int lane = 0; lane < count_; ++lane)
            if (loss_of_epoch_[lane] <= many_.until.target_loss) finish(lane);
        update(loss);
        end_epoch();
    }

    void epoch() {
        if (rows_.shuffled)
            for (int lane = 0; lane < count_; ++lane)
                permute(order_.get() + lane * rows_.count, rows_.count, many_.seeds[first_ + lane], rows_.stream, std::uint64_t(epoch_));
        for (double& sum : loss_of_epoch_) sum = 0;
        for (std::int64_t begin = 0; begin < rows_.count; begin += rows_.batch) {
            const std::int64_t count = rows_.count - begin < rows_.batch ? rows_.count - begin : rows_.batch;
            fill(begin, count);
            const V loss = loss_and_gradient();
            for (int lane = 0; lane < lanes; ++lane)
                loss_of_epoch_[lane] += double(unstuck::UNSTUCK_ISA::lane(loss, lane)) * (double(count) / double(rows_.count));
            update(loss);
        }
        take_note();
        end_epoch();
    }

    // Put the rows of a batch where the passes find them.
    void fill(std::int64_t begin, std::int64_t count) {
        const std::int64_t n_in = net_.layers[0].n_in, n_out = net_.layers[net_.n_layers - 1].n_out, samples = samples_of(count);
        passes_.resize(samples);
        for (std::int64_t k = 0; k < samples; ++k) {
            const bool is_there = k < count;
            const std::int64_t at = begin + (is_there ? k : 0);
            for (int lane = 0; lane < lanes; ++lane) {
                const std::int64_t row = rows_.shuffled ? order_[(lane < count_ ? lane : 0) * rows_.count + at] : at;
                for (std::int64_t i = 0; i < n_in; ++i) set_lane(passes_.input(i, k), lane, rows_.inputs[row * n_in + i]);
                for (std::int64_t j = 0; j < n_out; ++j) set_lane(passes_.target(j, k), lane, rows_.targets[row * n_out + j]);
                set_lane(passes_.share(k), lane, !is_there ? T(0) : (rows_.weights == nullptr ? T(1) : rows_.weights[row]) / T(count));
            }
        }
    }

    V loss_and_gradient() {
        V loss = passes_.template run<L>(parameters_.get(), gradient_.get());
        const Objective& objective = net_.objective;
        if (objective.l1 == 0 && objective.l2 == 0) return loss;
        for (int lane = 0; lane < lanes; ++lane) {
            const T penalty = add_penalties(net_, numbers(parameters_) + lane, numbers(gradient_) + lane, lanes);
            set_lane(loss, lane, T(unstuck::UNSTUCK_ISA::lane(loss, lane) + penalty));
        }
        return loss;
    }

    void update(const V& loss) {
        const Limits& limits = many_.first.limits;
        const bool clips = limits.clip_norm > 0 || limits.clip_value > 0;
        for (int lane = 0; clips && lane < lanes; ++lane) clip(limits, numbers(gradient_) + lane, net_.n_parameters, lanes);
        step_ += 1;
        T losses[lanes], previous[lanes];
        store<V>(losses, loss);
        store<V>(previous, previous_loss_);
        const Parts<T> parts{numbers(parameters_), numbers(gradient_), {numbers(slots_[0]), numbers(slots_[1]), numbers(slots_[2])}, net_.n_parameters * lanes};
        take_step(parts, many_.first.rule, 1.0, step_, losses, previous, lanes);
        previous_loss_ = load<V>(previous);
        for (int lane = 0; limits.max_norm > 0 && lane < lanes; ++lane) keep_max_norm(limits, net_, numbers(parameters_) + lane, lanes);
    }

    // Write the losses of an epoch down, and keep the parameters of the networks that have never been better.
    void take_note() {
        V is_better = zero<V>();
        for (int lane = 0; lane < count_; ++lane) {
            if (!is_running_[lane]) continue;
            const double loss = loss_of_epoch_[lane];
            many_.losses[first_ + lane] = loss;
            if (many_.curves != nullptr && (epoch_ + 1) % many_.every == 0)
                many_.curves[(first_ + lane) * (many_.epochs / many_.every) + (epoch_ + 1) / many_.every - 1] = loss;
            if (is_best(progress(lane), loss, many_.until)) set_lane(is_better, lane, T(1));
            note(progress(lane), loss, many_.until);
            progress(lane).epoch += 1;
        }
        const auto chosen = greater(is_better, zero<V>());
        for (std::int64_t i = 0; i < net_.n_parameters; ++i) best_[i] = select(chosen, parameters_[i], best_[i]);
    }

    void end_epoch() {
        for (int lane = 0; lane < count_; ++lane)
            if (is_last(progress(lane), loss_of_epoch_[lane], many_.until)) finish(lane);
    }

    // Hand back what a network has become; from then on its lane runs idle.
    void finish(int lane) {
        if (!is_running_[lane]) return;
        is_running_[lane] = false;
        progress(lane).step = step_;
        const Training<T>& to = many_.first;
        hand_back(parameters_, to.parameters, lane);
        hand_back(best_, to.best, lane);
        for (int slot = 0; slot < most_slots; ++slot)
            if (to.slots[slot] != nullptr) hand_back(slots_[slot], to.slots[slot], lane);
        to.previous_loss[first_ + lane] = unstuck::UNSTUCK_ISA::lane(previous_loss_, lane);
    }

    static T* numbers(const Buffer<V>& packs) { return reinterpret_cast<T*>(packs.get()); }

    void bring_in(const Buffer<V>& packs, const T* rows) {
        for (std::int64_t i = 0; i < net_.n_parameters; ++i)
            for (int lane = 0; lane < lanes; ++lane) set_lane(packs[i], lane, rows[number_of(lane) * net_.n_parameters + i]);
    }

    void hand_back(const Buffer<V>& packs, T* rows, int lane) const {
        for (std::int64_t i = 0; i < net_.n_parameters; ++i) rows[(first_ + lane) * net_.n_parameters + i] = unstuck::UNSTUCK_ISA::lane(packs[i], lane);
    }

    const ManyNetworks<T>& many_;
    const Network& net_;
    const Rows<T>& rows_;
    const std::int64_t first_;
    const int count_;
    ManyPasses<T> passes_;
    Buffer<V> parameters_, gradient_, best_, slots_[most_slots];
    Buffer<std::int64_t> order_;
    V previous_loss_;
    double loss_of_epoch_[lanes] = {};
    bool is_running_[lanes] = {};
    std::int64_t epoch_ = 0, step_ = 0;
};

}  // namespace unstuck::UNSTUCK_ISA
