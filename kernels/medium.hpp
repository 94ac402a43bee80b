// Whole epochs of a network whose products are worth a BLAS library: each thread owns a part of every batch.
//
// A step: every thread takes its rows, in chunks that fit its cache, forward and backward and adds up a gradient of its own; all wait;
// then every thread moves its part of the weights, summing the gradients on the way; all wait. BLAS itself runs on one thread.
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

// What a thread has for itself.
template <class T>
struct Worker {
    Buffer<T> inputs, gradient, deltas[2];
    Buffer<Pack<T, 8>> room;
    Buffer<T>* preactivations;
    Buffer<T>* activations;
    T loss = 0;
    double squares = 0;
    std::int64_t step = 0;
};

template <class T>
class MediumTraining final : public Runner {
public:
    MediumTraining(const Training<T>& training, Blas blas, int threads)
        : training_(training), multiply_(blas), threads_(threads), chunk_(chunk_of(training, threads)), barrier_(threads),
          order_(training.rows.shuffled ? training.rows.count : 0) {
        const Network& net = training_.net;
        std::int64_t widest = 0;
        for (std::int64_t l = 0; l < net.n_layers; ++l) widest = net.layers[l].n_out > widest ? net.layers[l].n_out : widest;
        workers_ = new Worker<T>[threads];
        values_ = new Buffer<T>[2 * threads * net.n_layers];
        for (int number = 0; number < threads; ++number) {
            Worker<T>& worker = workers_[number];
            if (!is_full()) worker.inputs = Buffer<T>(chunk_ * net.layers[0].n_in);
            worker.gradient = Buffer<T>(net.n_parameters);
            worker.room = Buffer<Pack<T, 8>>(4 * net.layers[net.n_layers - 1].n_out);
            for (Buffer<T>& deltas : worker.deltas) deltas = Buffer<T>(chunk_ * widest);
            worker.preactivations = values_ + 2 * number * net.n_layers;
            worker.activations = worker.preactivations + net.n_layers;
            for (std::int64_t l = 0; l < net.n_layers; ++l) {
                worker.preactivations[l] = Buffer<T>(chunk_ * net.layers[l].n_out);
                worker.activations[l] = Buffer<T>(chunk_ * net.layers[l].n_out);
            }
        }
    }

    ~MediumTraining() override {
        delete[] workers_;
        delete[] values_;
    }

    std::int64_t run(std::int64_t epochs, double rate_factor, const Until& until, Progress& progress, double* losses) override {
        call_ = {epochs, rate_factor, &until, &progress, losses, 0, false};
        Clock clock(until.seconds);
        clock_ = &clock;
        run_crew(threads_, [](void* self, int number) { static_cast<MediumTraining*>(self)->work(number); }, this);
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
        bool is_over;
    };

    static std::int64_t chunk_of(const Training<T>& training, int threads) {
        constexpr std::int64_t room = 1024 * 1024;
        std::int64_t values = training.net.layers[0].n_in;
        for (std::int64_t l = 0; l < training.net.n_layers; ++l) values += 2 * training.net.layers[l].n_out;
        const std::int64_t share = (training.rows.batch + threads - 1) / threads, fitting = room / (values * std::int64_t(sizeof(T)));
        const std::int64_t most = fitting < 64 ? 64 : fitting;
        return share < most ? share : most;
    }

    bool is_full() const { return training_.rows.batch == training_.rows.count; }

    // The life of a thread: all of them take the same turns, and the first keeps the books between two waits.
    void work(int number) {
        while (!call_.is_over) {
            if (number == 0) begin_epoch();
            barrier_.wait();
            workers_[number].step = call_.progress->step;
            const Rows<T>& rows = training_.rows;
            for (std::int64_t begin = call_.progress->batch * rows.batch; begin < rows.count; begin += rows.batch) {
                const std::int64_t count = rows.count - begin < rows.batch ? rows.count - begin : rows.batch;
                step(number, begin, count);
            }
            if (number == 0) end_epoch();
            barrier_.wait();
        }
    }

    void begin_epoch() {
        const Rows<T>& rows = training_.rows;
        if (rows.shuffled) permute(order_.get(), rows.count, rows.seed, rows.stream, std::uint64_t(call_.progress->epoch));
    }

    void end_epoch() {
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
        call_.is_over = call_.done == call_.epochs || is_last(progress, loss, *call_.until) || clock_->is_over();
    }

    void step(int number, std::int64_t begin, std::int64_t count) {
        Worker<T>& worker = workers_[number];
        const std::int64_t first = count * number / threads_, last = count * (number + 1) / threads_;
        worker.loss = 0;
        if (first == last) __builtin_memset(worker.gradient.get(), 0, training_.net.n_parameters * sizeof(T));
        bool adds = false;
        for (std::int64_t at = first; at < last; at += chunk_, adds = true) {
            const std::int64_t rows = last - at < chunk_ ? last - at : chunk_;
            pass(worker, begin + at, rows, T(count), adds);
        }
        if (number == 0) worker.loss += add_penalties(training_.net, training_.parameters, worker.gradient.get());
        barrier_.wait();
        T loss = 0;
        for (int other = 0; other < threads_; ++other) loss += workers_[other].loss;
        const bool is_reached = is_full() && double(loss) <= call_.until->target_loss;
        move(number, loss, is_reached);
        barrier_.wait();
        if (number == 0) keep_books(loss, double(count) / double(training_.rows.count), is_reached);
        if (training_.limits.max_norm > 0) barrier_.wait();
    }

    // What the first thread does when all weights have moved.
    void keep_books(T loss, double share, bool is_reached) {
        Progress& progress = *call_.progress;
        if (is_full()) note(progress, double(loss), *call_.until);
        if (!is_reached) {
            if (training_.rule.kind == Optimizer::irprop_plus) *training_.previous_loss = loss;
            keep_max_norm(training_.limits, training_.net, training_.parameters);
            progress.step += 1;
        }
        progress.batch += 1;
        progress.loss_sum += double(loss) * share;
    }

    // One chunk of rows forward and backward; their gradient is added to the worker's.
    void pass(Worker<T>& worker, std::int64_t begin, std::int64_t rows, T batch, bool adds) {
        const Network& net = training_.net;
        const T* const inputs = gather(worker, begin, rows);
        const T* x = inputs;
        for (std::int64_t l = 0; l < net.n_layers; ++l) {
            const Layer& layer = net.layers[l];
            T* const z = worker.preactivations[l].get();
            multiply_.multiply(false, false, rows, layer.n_out, layer.n_in, x, layer.n_in, training_.parameters + layer.weights, layer.n_out, false, z, layer.n_out);
            if (l == net.n_layers - 1) break;
            finish_forward(layer, biases_of(layer), z, worker.activations[l].get(), rows);
            x = worker.activations[l].get();
        }
        const std::int64_t n_out = net.layers[net.n_layers - 1].n_out;
        const Rows<T>& all = training_.rows;
        T* delta = worker.preactivations[net.n_layers - 1].get();
        worker.loss += finish_loss<T>(
            net, biases_of(net.layers[net.n_layers - 1]), delta, rows, worker.room.get(), [&](std::int64_t r) { return all.targets + row_of(begin + r) * n_out; },
            [&](std::int64_t r) { return (all.weights == nullptr ? T(1) : all.weights[row_of(begin + r)]) / batch; });
        for (std::int64_t l = net.n_layers - 1; l >= 0; --l) {
            const Layer& layer = net.layers[l];
            const T* const before = l == 0 ? inputs : worker.activations[l - 1].get();
            multiply_.multiply(true, false, layer.n_in, layer.n_out, rows, before, layer.n_in, delta, layer.n_out, adds, worker.gradient.get() + layer.weights, layer.n_out);
            if (layer.biases >= 0) {
                if (!adds) __builtin_memset(worker.gradient.get() + layer.biases, 0, layer.n_out * sizeof(T));
                add_rows(delta, rows, layer.n_out, worker.gradient.get() + layer.biases);
            }
            if (l == 0) return;
            T* const grad = worker.deltas[l % 2].get();
            multiply_.multiply(false, true, rows, layer.n_in, layer.n_out, delta, layer.n_out, training_.parameters + layer.weights, layer.n_out, false, grad, layer.n_in);
            start_backward(net.layers[l - 1], worker.preactivations[l - 1].get(), worker.activations[l - 1].get(), grad, rows);
            delta = grad;
        }
    }

    const T* biases_of(const Layer& layer) const { return layer.biases < 0 ? nullptr : training_.parameters + layer.biases; }
    std::int64_t row_of(std::int64_t at) const { return training_.rows.shuffled ? order_[at] : at; }

    const T* gather(Worker<T>& worker, std::int64_t begin, std::int64_t rows) {
        const std::int64_t n_in = training_.net.layers[0].n_in;
        if (!training_.rows.shuffled) return training_.rows.inputs + begin * n_in;
        for (std::int64_t r = 0; r < rows; ++r)
            __builtin_memcpy(worker.inputs.get() + r * n_in, training_.rows.inputs + row_of(begin + r) * n_in, n_in * sizeof(T));
        return worker.inputs.get();
    }

    // Sum the gradients over a thread's part of the weights and move that part.
    void move(int number, T loss, bool is_reached) {
        const std::int64_t all = training_.net.n_parameters;
        const std::int64_t first = all * number / threads_, last = all * (number + 1) / threads_;
        if (is_full() && is_best(*call_.progress, double(loss), *call_.until)) keep_best(first, last);
        workers_[number].step += !is_reached;
        if (training_.limits.clip_norm > 0) {
            sum_gradients(first, last);
            shorten_together(number, first, last);
            if (!is_reached) take_part(number, loss, first, last);
            return;
        }
        constexpr std::int64_t in_cache = 4096;
        for (std::int64_t at = first; at < last && !is_reached; at += in_cache) {
            const std::int64_t end = last - at < in_cache ? last : at + in_cache;
            sum_gradients(at, end);
            take_part(number, loss, at, end);
        }
    }

    void sum_gradients(std::int64_t first, std::int64_t last) {
        T* const gradient = workers_[0].gradient.get() + first;
        for (int other = 1; other < threads_; ++other) {
            const T* const added = workers_[other].gradient.get() + first;
            in_packs<T>(last - first, [&](auto like, std::int64_t i) {
                using V = decltype(like);
                store<V>(gradient + i, load<V>(gradient + i) + load<V>(added + i));
            });
        }
        clip(Limits{0, training_.limits.clip_value, 0}, gradient, last - first);
    }

    void take_part(int number, T loss, std::int64_t first, std::int64_t last) {
        T previous = *training_.previous_loss;
        const Parts<T> parts{training_.parameters + first, workers_[0].gradient.get() + first, {slot(0, first), slot(1, first), slot(2, first)}, last - first};
        take_step(parts, training_.rule, call_.rate_factor, workers_[number].step, &loss, &previous, 1);
    }

    // Shorten the whole gradient to the largest norm; each thread looks at its own part.
    void shorten_together(int number, std::int64_t first, std::int64_t last) {
        T* const gradient = workers_[0].gradient.get();
        T squares = 0;
        for (std::int64_t i = first; i < last; ++i) squares += gradient[i] * gradient[i];
        workers_[number].squares = double(squares);
        barrier_.wait();
        double total = 0;
        for (int other = 0; other < threads_; ++other) total += workers_[other].squares;
        const double norm = __builtin_sqrt(total), most = training_.limits.clip_norm;
        if (norm <= most) return;
        const T factor = T(most / norm);
        for (std::int64_t i = first; i < last; ++i) gradient[i] *= factor;
    }

    T* slot(int which, std::int64_t first) const { return training_.slots[which] == nullptr ? nullptr : training_.slots[which] + first; }
    void keep_best(std::int64_t first, std::int64_t last) { __builtin_memcpy(training_.best + first, training_.parameters + first, (last - first) * sizeof(T)); }

    const Training<T> training_;
    const Products<T> multiply_;
    const int threads_;
    const std::int64_t chunk_;
    Barrier barrier_;
    Buffer<std::int64_t> order_;
    Worker<T>* workers_ = nullptr;
    Buffer<T>* values_ = nullptr;
    Call call_{};
    Clock* clock_ = nullptr;
};

}  // namespace unstuck::UNSTUCK_ISA
