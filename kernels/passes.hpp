// A pass of a batch through a small network: loss and gradient, tile by tile of as many samples as the cache holds.
#pragma once

#include "buffer.hpp"
#include "losses.hpp"

namespace unstuck::UNSTUCK_ISA {

// Samples side by side: inputs and targets unit after unit, `stride` packs apart, and what each sample counts: its weight over the
// number of rows of the batch, 0 for a lane without a sample.
template <class V>
struct Tile {
    const V* inputs;
    const V* targets;
    const V* shares;
    std::int64_t blocks, stride;
};

template <class T, int L>
class Passes {
public:
    using V = typename Lanes<T, L>::type;

    Passes(const Network& net, std::int64_t most_blocks, bool one_tile) : net_(net), stride_(most_blocks) {
        std::int64_t units = 0, widest = 0;
        for (std::int64_t l = 0; l < net.n_layers; ++l) {
            units += net.layers[l].n_out;
            widest = net.layers[l].n_out > widest ? net.layers[l].n_out : widest;
        }
        preactivations_ = Buffer<V>(units * stride_);
        activations_ = Buffer<V>(units * stride_);
        deltas_ = Buffer<V>(widest * stride_);
        grads_ = Buffer<V>(widest * stride_);
        carry_ = Buffer<V>(one_tile ? 0 : net.n_parameters);
    }

    // Write the gradient of the loss over some tiles, and return the loss; neither has the penalties in it.
    template <class NextTile>
    T run(const T* parameters, T* gradient, std::int64_t tiles, NextTile&& next_tile) {
        V cost = zero<V>();
        for (std::int64_t number = 0; number < tiles; ++number) {
            const Tile<V> tile = next_tile(number);
            forward(parameters, tile);
            backward(parameters, gradient, tile, number == 0, number == tiles - 1, cost);
        }
        return sum_of_lanes(cost);
    }

private:
    void forward(const T* parameters, const Tile<V>& tile) {
        const V* x = tile.inputs;
        std::int64_t at = 0;
        for (std::int64_t l = 0; l < net_.n_layers; ++l) {
            const Layer& layer = net_.layers[l];
            Dense<V, T>(layer, parameters, tile.blocks, stride_).forward(x, preactivations_.get() + at);
            activate_all<V>(layer, preactivations_.get() + at, activations_.get() + at, tile.blocks, stride_);
            x = activations_.get() + at;
            at += layer.n_out * stride_;
        }
    }

    void backward(const T* parameters, T* gradient, const Tile<V>& tile, bool first, bool last, V& cost) {
        std::int64_t at = 0;
        for (std::int64_t l = 0; l + 1 < net_.n_layers; ++l) at += net_.layers[l].n_out * stride_;
        const std::int64_t n_out = net_.layers[net_.n_layers - 1].n_out;
        V* delta = deltas_.get();
        V* grad = grads_.get();
        for (std::int64_t block = 0; block < tile.blocks; ++block) {
            cost += lose<V>(net_, preactivations_.get() + at + block, activations_.get() + at + block, tile.targets + block, delta + block, stride_) * tile.shares[block];
            for (std::int64_t j = 0; j < n_out; ++j) delta[j * stride_ + block] = delta[j * stride_ + block] * tile.shares[block];
        }
        for (std::int64_t l = net_.n_layers - 1; l >= 0; --l) {
            const Dense<V, T> dense(net_.layers[l], parameters, tile.blocks, stride_);
            if (l == 0) return dense.gradient(tile.inputs, delta, gradient, carry_.get(), first, last);
            at -= net_.layers[l - 1].n_out * stride_;
            dense.gradient(activations_.get() + at, delta, gradient, carry_.get(), first, last);
            dense.backward(delta, grad);
            deactivate_all<V>(net_.layers[l - 1], preactivations_.get() + at, activations_.get() + at, grad, tile.blocks, stride_);
            V* const freed = delta;
            delta = grad;
            grad = freed;
        }
    }

    const Network& net_;
    std::int64_t stride_;
    Buffer<V> preactivations_, activations_, deltas_, grads_, carry_;
};

}  // namespace unstuck::UNSTUCK_ISA
