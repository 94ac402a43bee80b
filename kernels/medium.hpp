// Whole epochs of a network whose products are worth a BLAS library: each thread owns a part of every batch.
//
// A step has as many parts as there are threads: each takes its rows, in chunks that fit a cache, forward and backward and adds up a
// gradient of its own; when all are done, each moves a part of the weights, summing the gradients on the way. Who is free takes the next
// part, so that on a busy machine nobody waits for a thread that does not run; what a part computes does not depend on who takes it.
// BLAS itself runs on one thread.
#pragma once

#include "bookkeeping.hpp"
#include "buffer.hpp"
#include "crew.hpp"
#include "optimizers.hpp"
#include "products.hpp"
#include "restraints.hpp"
#include "rows.hpp"
#include "runner.hpp"
#include "shuffle.hpp"

namespace unstuck::UNSTUCK_ISA {

// What a part of the batch has for itself.
template <class T>
struct Share {
    Buffer<T> inputs, gradient, deltas[2];
    Buffer<Pack<T, 8>> room;
    Buffer<T>* preactivations;
    Buffer<T>* activations;
    T loss = 0;
    double squares = 0;
};

template <class T>
class MediumTraining final : public Runner {
public:
    MediumTraining(const Training<T>& training, Blas blas, int threads)
        : training_(training), multiply_(blas), parts_(threads), chunk_(chunk_of(training, threads)), turns_(threads),
          order_(training.rows.shuffled ? training.rows.count : 0) {
        const Network& net = training_.net;
        std::int64_t widest = 0;
        for (std::int64_t l = 0; l < net.n_layers; ++l) widest = net.layers[l].n_out > widest ? net.layers[l].n_out : widest;
        shares_ = new Share<T>[threads];
        values_ = new Buffer<T>[2 * threads * net.n_layers];
        for (int number = 0; number < threads; ++number) {
            Share<T>& share = shares_[number];
            if (!is_full()) share.inputs = Buffer<T>(chunk_ * net.layers[0].n_in);
            share.gradient = Buffer<T>(net.n_parameters);
            share.room = Buffer<Pack<T, 8>>(4 * net.layers[net.n_layers - 1].n_out);
            for (Buffer<T>& deltas : share.deltas) deltas = Buffer<T>(chunk_ * widest);
            share.preactivations = values_ + 2 * number * net.n_layers;
            share.activations = share.preactivations + net.n_layers;
            for (std::int64_t l = 0; l < net.n_layers; ++l) {
                share.preactivations[l] = Buffer<T>(chunk_ * net.layers[l].n_out);
                share.activations[l] = Buffer<T>(chunk_ * net.layers[l].n_out);
            }
        }
    }

    ~MediumTraining() override {
        delete[] shares_;
        delete[] values_;
    }

    std::int64_t run(std::int64_t epochs, double rate_factor, const Until& until, Progress& progress, double* losses) override {
        call_ = {epochs, rate_factor, &until, &progress, losses, 0};
        Clock clock(until.seconds);
        clock_ = &clock;
        begin_epoch();
        begin_step();
        turns_.begin();
        run_crew(parts_, [](void* self, int) { static_cast<MediumTraining*>(self)->work(); }, this);
        return call_.done;
    }

private:
    // What one call of run() was asked for, and how far it has come.
    struct Call {
        std::int64_t epochs;
        double rate_factor;
        const Until* until;
        Progress* progress;
        double* losses;
        std::int64_t done;
    };

    // What the parts of a turn do: a step has one turn of each, the second only if the whole gradient is to be shortened.
    enum class Turn { pass, sum, move };

    static std::int64_t chunk_of(const Training<T>& training, int threads) {
        constexpr std::int64_t room = 1024 * 1024;
        std::int64_t values = training.net.layers[0].n_in;
        for (std::int64_t l = 0; l < training.net.n_layers; ++l) values += 2 * training.net.layers[l].n_out;
        const std::int64_t share = (training.rows.batch + threads - 1) / threads, fitting = room / (values * std::int64_t(sizeof(T)));
        const std::int64_t most = fitting < 64 ? 64 : fitting;
        return share < most ? share : most;
    }

    bool is_full() const { return training_.rows.batch == training_.rows.count; }

    // The life of a thread: take the next part of the turn; whoever ends the last part makes the next turn ready.
    void work() {
        for (;;) {
            const int part = turns_.take();
            if (part < 0) return;
            switch (turn_) {
                case Turn::pass: pass_part(part); break;
                case Turn::sum: sum_part(part); break;
                case Turn::move: move_part(part); break;
            }
            if (turns_.end_part()) {
                if (next_turn()) turns_.begin();
                else turns_.close();
            }
        }
    }

    // Get ready for what comes next; false where nothing does.
    bool next_turn() {
        const bool shortens = training_.limits.clip_norm > 0;
        switch (turn_) {
            case Turn::pass:
                end_pass();
                turn_ = shortens ? Turn::sum : Turn::move;
                return true;
            case Turn::sum:
                shorten();
                turn_ = Turn::move;
                return true;
            case Turn::move:
                keep_books();
                break;
        }
        Progress& progress = *call_.progress;
        if (progress.batch * training_.rows.batch >= training_.rows.count) {
            if (end_epoch()) return false;
            begin_epoch();
        }
        begin_step();
        return true;
    }

    void begin_epoch() {
        const Rows<T>& rows = training_.rows;
        if (rows.shuffled) permute(order_.get(), rows.count, rows.seed, rows.stream, std::uint64_t(call_.progress->epoch));
    }

    // Take note of an epoch; true if it was the last.
    bool end_epoch() {
        Progress& progress = *call_.progress;
        const double loss = progress.loss_sum;
        call_.losses[call_.done++] = loss;
        if (!is_full()) {
            if (is_best(progress, loss, *call_.until)) keep_best(0, training_.net.n_parameters);
            note(progress, loss, *call_.until);
        }
        progress.epoch += 1;
        progress.batch = 0;
        progress.loss_sum = 0;
        return call_.done == call_.epochs || is_last(progress, loss, *call_.until) || clock_->is_over();
    }

    void begin_step() {
        const Rows<T>& rows = training_.rows;
        begin_ = call_.progress->batch * rows.batch;
        count_ = rows.count - begin_ < rows.batch ? rows.count - begin_ : rows.batch;
        turn_ = Turn::pass;
    }

    void pass_part(int number) {
        Share<T>& share = shares_[number];
        const std::int64_t first = count_ * number / parts_, last = count_ * (number + 1) / parts_;
        share.loss = 0;
        if (first == last) __builtin_memset(share.gradient.get(), 0, training_.net.n_parameters * sizeof(T));
        bool adds = false;
        for (std::int64_t at = first; at < last; at += chunk_, adds = true) {
            const std::int64_t rows = last - at < chunk_ ? last - at : chunk_;
            pass(share, begin_ + at, rows, T(count_), adds);
        }
        if (number == 0) share.loss += add_penalties(training_.net, training_.parameters, share.gradient.get());
    }

    void end_pass() {
        loss_ = 0;
        for (int part = 0; part < parts_; ++part) loss_ += shares_[part].loss;
        is_reached_ = is_full() && double(loss_) <= call_.until->target_loss;
    }

    // When all weights have moved.
    void keep_books() {
        Progress& progress = *call_.progress;
        if (is_full()) note(progress, double(loss_), *call_.until);
        if (!is_reached_) {
            if (training_.rule.kind == Optimizer::irprop_plus) *training_.previous_loss = loss_;
            keep_max_norm(training_.limits, training_.net, training_.parameters);
            progress.step += 1;
        }
        progress.batch += 1;
        progress.loss_sum += double(loss_) * (double(count_) / double(training_.rows.count));
    }

    // One chunk of rows forward and backward; their gradient is added to the part's.
    void pass(Share<T>& share, std::int64_t begin, std::int64_t rows, T batch, bool adds) {
        const Network& net = training_.net;
        const T* const inputs = gather(share, begin, rows);
        const T* x = inputs;
        for (std::int64_t l = 0; l < net.n_layers; ++l) {
            const Layer& layer = net.layers[l];
            T* const z = share.preactivations[l].get();
            multiply_.multiply(false, false, rows, layer.n_out, layer.n_in, x, layer.n_in, training_.parameters + layer.weights, layer.n_out, false, z, layer.n_out);
            if (l == net.n_layers - 1) break;
            finish_forward(layer, biases_of(layer), z, share.activations[l].get(), rows);
            x = share.activations[l].get();
        }
        const std::int64_t n_out = net.layers[net.n_layers - 1].n_out;
        const Rows<T>& all = training_.rows;
        T* delta = share.preactivations[net.n_layers - 1].get();
        share.loss += finish_loss<T>(
            net, biases_of(net.layers[net.n_layers - 1]), delta, rows, share.room.get(), [&](std::int64_t r) { return all.targets + row_of(begin + r) * n_out; },
            [&](std::int64_t r) { return (all.weights == nullptr ? T(1) : all.weights[row_of(begin + r)]) / batch; });
        for (std::int64_t l = net.n_layers - 1; l >= 0; --l) {
            const Layer& layer = net.layers[l];
            const T* const before = l == 0 ? inputs : share.activations[l - 1].get();
            multiply_.multiply(true, false, layer.n_in, layer.n_out, rows, before, layer.n_in, delta, layer.n_out, adds, share.gradient.get() + layer.weights, layer.n_out);
            if (layer.biases >= 0) {
                if (!adds) __builtin_memset(share.gradient.get() + layer.biases, 0, layer.n_out * sizeof(T));
                add_rows(delta, rows, layer.n_out, share.gradient.get() + layer.biases);
            }
            if (l == 0) return;
            T* const grad = share.deltas[l % 2].get();
            multiply_.multiply(false, true, rows, layer.n_in, layer.n_out, delta, layer.n_out, training_.parameters + layer.weights, layer.n_out, false, grad, layer.n_in);
            start_backward(net.layers[l - 1], share.preactivations[l - 1].get(), share.activations[l - 1].get(), grad, rows);
            delta = grad;
        }
    }

    const T* biases_of(const Layer& layer) const { return layer.biases < 0 ? nullptr : training_.parameters + layer.biases; }
    std::int64_t row_of(std::int64_t at) const { return training_.rows.shuffled ? order_[at] : at; }

    const T* gather(Share<T>& share, std::int64_t begin, std::int64_t rows) {
        const std::int64_t n_in = training_.net.layers[0].n_in;
        if (!training_.rows.shuffled) return training_.rows.inputs + begin * n_in;
        for (std::int64_t r = 0; r < rows; ++r)
            __builtin_memcpy(share.inputs.get() + r * n_in, training_.rows.inputs + row_of(begin + r) * n_in, n_in * sizeof(T));
        return share.inputs.get();
    }

    std::int64_t first_of(int number) const { return training_.net.n_parameters * number / parts_; }

    // Sum the gradients over a part of the weights and move that part.
    void move_part(int number) {
        const std::int64_t first = first_of(number), last = first_of(number + 1);
        if (is_full() && is_best(*call_.progress, double(loss_), *call_.until)) keep_best(first, last);
        if (is_reached_) return;
        if (training_.limits.clip_norm > 0) return take_part(first, last);
        constexpr std::int64_t in_cache = 4096;
        for (std::int64_t at = first; at < last; at += in_cache) {
            const std::int64_t end = last - at < in_cache ? last : at + in_cache;
            sum_gradients(at, end);
            take_part(at, end);
        }
    }

    // The gradient of a part of the weights, and how long it is.
    void sum_part(int number) {
        const std::int64_t first = first_of(number), last = first_of(number + 1);
        sum_gradients(first, last);
        const T* const gradient = shares_[0].gradient.get();
        T squares = 0;
        for (std::int64_t i = first; i < last; ++i) squares += gradient[i] * gradient[i];
        shares_[number].squares = double(squares);
    }

    // Shorten the whole gradient to the largest norm.
    void shorten() {
        double total = 0;
        for (int part = 0; part < parts_; ++part) total += shares_[part].squares;
        const double norm = __builtin_sqrt(total), most = training_.limits.clip_norm;
        if (norm <= most) return;
        T* const gradient = shares_[0].gradient.get();
        const T factor = T(most / norm);
        for (std::int64_t i = 0; i < training_.net.n_parameters; ++i) gradient[i] *= factor;
    }

    void sum_gradients(std::int64_t first, std::int64_t last) {
        T* const gradient = shares_[0].gradient.get() + first;
        for (int other = 1; other < parts_; ++other) {
            const T* const added = shares_[other].gradient.get() + first;
            in_packs<T>(last - first, [&](auto like, std::int64_t i) {
                using V = decltype(like);
                store<V>(gradient + i, load<V>(gradient + i) + load<V>(added + i));
            });
        }
        clip(Limits{0, training_.limits.clip_value, 0}, gradient, last - first);
    }

    void take_part(std::int64_t first, std::int64_t last) {
        T previous = *training_.previous_loss;
        const Parts<T> parts{training_.parameters + first, shares_[0].gradient.get() + first, {slot(0, first), slot(1, first), slot(2, first)}, last - first};
        take_step(parts, training_.rule, call_.rate_factor, call_.progress->step + 1, &loss_, &previous, 1);
    }

    T* slot(int which, std::int64_t first) const { return training_.slots[which] == nullptr ? nullptr : training_.slots[which] + first; }
    void keep_best(std::int64_t first, std::int64_t last) { __builtin_memcpy(training_.best + first, training_.parameters + first, (last - first) * sizeof(T)); }

    const Training<T> training_;
    const Products<T> multiply_;
    const int parts_;
    const std::int64_t chunk_;
    Turns turns_;
    Buffer<std::int64_t> order_;
    Share<T>* shares_ = nullptr;
    Buffer<T>* values_ = nullptr;
    Call call_{};
    Clock* clock_ = nullptr;
    Turn turn_ = Turn::pass;
    std::int64_t begin_ = 0, count_ = 0;
    T loss_ = 0;
    bool is_reached_ = false;
};

}  // namespace unstuck::UNSTUCK_ISA
