// A pass of a batch through several small networks at once: each lane of a pack is a network.
#pragma once

#include "buffer.hpp"
#include "losses.hpp"

namespace unstuck::UNSTUCK_ISA {

template <class T>
class ManyPasses {
public:
    using V = Pack<T, 8>;

    ManyPasses(const Network& net, std::int64_t most_samples) : net_(net), samples_(most_samples) {
        std::int64_t units = 0, widest = 0;
        for (std::int64_t l = 0; l < net.n_layers; ++l) {
            units += net.layers[l].n_out;
            widest = net.layers[l].n_out > widest ? net.layers[l].n_out : widest;
        }
        inputs_ = Buffer<V>(net.layers[0].n_in * samples_);
        targets_ = Buffer<V>(net.layers[net.n_layers - 1].n_out * samples_);
        shares_ = Buffer<V>(samples_);
        preactivations_ = Buffer<V>(units * samples_);
        activations_ = Buffer<V>(units * samples_);
        deltas_ = Buffer<V>(widest * samples_);
        grads_ = Buffer<V>(widest * samples_);
    }

    // From here on a batch has so many samples, those that only fill it up included.
    void resize(std::int64_t samples) { samples_ = samples; }

    V& input(std::int64_t i, std::int64_t sample) { return inputs_[i * samples_ + sample]; }
    V& target(std::int64_t j, std::int64_t sample) { return targets_[j * samples_ + sample]; }
    V& share(std::int64_t sample) { return shares_[sample]; }

    // Write the gradients of the losses over the batch, and return the losses; neither has the penalties in it.
    template <int L>
    V run(const V* parameters, V* gradient) {
        forward(parameters);
        const V loss = output_deltas<L>();
        backward<L>(parameters, gradient);
        return loss;
    }

private:
    void forward(const V* parameters) {
        const V* x = inputs_.get();
        std::int64_t at = 0;
        for (std::int64_t l = 0; l < net_.n_layers; ++l) {
            const Layer& layer = net_.layers[l];
            Dense<V, V>(layer, parameters, samples_, samples_).forward(x, preactivations_.get() + at);
            activate_all<V>(layer, preactivations_.get() + at, activations_.get() + at, samples_, samples_);
            x = activations_.get() + at;
            at += layer.n_out * samples_;
        }
        outputs_ = at - net_.layers[net_.n_layers - 1].n_out * samples_;
    }

    template <int L>
    V output_deltas() {
        const std::int64_t n_out = net_.layers[net_.n_layers - 1].n_out;
        V costs[L];
        for (V& cost : costs) cost = zero<V>();
        for (std::int64_t sample = 0; sample < samples_; ++sample) {
            V* const delta = deltas_.get() + sample;
            costs[sample % L] += lose<V>(net_, preactivations_.get() + outputs_ + sample, activations_.get() + outputs_ + sample, targets_.get() + sample, delta, samples_) * shares_[sample];
            for (std::int64_t j = 0; j < n_out; ++j) delta[j * samples_] = delta[j * samples_] * shares_[sample];
        }
        return total<L>(costs);
    }

    template <int L>
    void backward(const V* parameters, V* gradient) {
        std::int64_t at = outputs_;
        V* delta = deltas_.get();
        V* grad = grads_.get();
        for (std::int64_t l = net_.n_layers - 1; l >= 0; --l) {
            if (l == 0) return gradient_of<L>(net_.layers[0], inputs_.get(), delta, gradient);
            at -= net_.layers[l - 1].n_out * samples_;
            gradient_of<L>(net_.layers[l], activations_.get() + at, delta, gradient);
            Dense<V, V>(net_.layers[l], parameters, samples_, samples_).backward(delta, grad);
            deactivate_all<V>(net_.layers[l - 1], preactivations_.get() + at, activations_.get() + at, grad, samples_, samples_);
            V* const freed = delta;
            delta = grad;
            grad = freed;
        }
    }

    // dJ/dW = x^T delta and dJ/db = sum of delta.
    template <int L>
    void gradient_of(const Layer& layer, const V* x, const V* delta, V* gradient) const {
        for (std::int64_t i = 0; i < layer.n_in; ++i)
            for (std::int64_t j = 0; j < layer.n_out; ++j)
                gradient[layer.weights + i * layer.n_out + j] = over_samples<L>([&](std::int64_t k) { return x[i * samples_ + k] * delta[j * samples_ + k]; });
        for (std::int64_t j = 0; layer.biases >= 0 && j < layer.n_out; ++j)
            gradient[layer.biases + j] = over_samples<L>([&](std::int64_t k) { return delta[j * samples_ + k]; });
    }

    template <int L, class Term>
    UNSTUCK_INLINE V over_samples(Term&& term) const {
        V sums[L];
        UNSTUCK_UNROLL
        for (int k = 0; k < L; ++k) sums[k] = term(k);
        for (std::int64_t from = L; from < samples_; from += L)
            UNSTUCK_UNROLL
            for (int k = 0; k < L; ++k) sums[k] += term(from + k);
        return total<L>(sums);
    }

    // As sum_of_lanes adds up.
    template <int L>
    UNSTUCK_INLINE static V total(V* sums) {
        if constexpr (L == 1) {
            return sums[0];
        } else {
            UNSTUCK_UNROLL
            for (int k = 0; k < L / 2; ++k) sums[k] = sums[k] + sums[k + L / 2];
            return total<L / 2>(sums);
        }
    }

    const Network& net_;
    std::int64_t samples_, outputs_ = 0;
    Buffer<V> inputs_, targets_, shares_, preactivations_, activations_, deltas_, grads_;
};

}  // namespace unstuck::UNSTUCK_ISA
