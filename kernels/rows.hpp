// What happens to values that lie row after row between the matrix products: each in one pass over memory.
#pragma once

#include "losses.hpp"

namespace unstuck::UNSTUCK_ISA {

// z += b and a = activation(z).
template <class T>
void finish_forward(const Layer& layer, const T* biases, T* z, T* a, std::int64_t rows) {
    const std::int64_t columns = layer.n_out;
    with_activation(layer.activation, [&](auto kind) {
        for (std::int64_t r = 0; r < rows; ++r) {
            T* const zs = z + r * columns;
            T* const as = a + r * columns;
            in_packs<T>(columns, [&](auto like, std::int64_t j) {
                using V = decltype(like);
                V value = load<V>(zs + j);
                if (biases != nullptr) value += load<V>(biases + j);
                store<V>(zs + j, value);
                store<V>(as + j, activate<kind.value, V>(value, T(layer.setting)));
            });
        }
    });
    if (layer.activation == Activation::softmax) {
        for (std::int64_t r = 0; r < rows; ++r) {
            if (biases != nullptr)
                for (std::int64_t j = 0; j < columns; ++j) z[r * columns + j] += biases[j];
            softmax(z + r * columns, a + r * columns, columns, 1);
        }
    }
}

// dJ/dz in the place of dJ/da.
template <class T>
void start_backward(const Layer& layer, const T* z, const T* a, T* grad, std::int64_t rows) {
    const std::int64_t columns = layer.n_out;
    if (layer.activation == Activation::softmax) {
        for (std::int64_t r = 0; r < rows; ++r) unsoftmax(a + r * columns, grad + r * columns, columns, 1);
        return;
    }
    with_activation(layer.activation, [&](auto kind) {
        in_packs<T>(rows * columns, [&](auto like, std::int64_t j) {
            using V = decltype(like);
            store<V>(grad + j, deactivate<kind.value, V>(load<V>(z + j), load<V>(a + j), load<V>(grad + j), T(layer.setting)));
        });
    });
}

// sums[j] += delta[0][j] + delta[1][j] + ...
template <class T>
void add_rows(const T* delta, std::int64_t rows, std::int64_t columns, T* sums) {
    in_packs<T>(columns, [&](auto like, std::int64_t j) {
        using V = decltype(like);
        V total = load<V>(sums + j);
        for (std::int64_t r = 0; r < rows; ++r) total += load<V>(delta + r * columns + j);
        store<V>(sums + j, total);
    });
}

// The last layer's activation, what the rows cost, and dJ/dz, in the place of z: eight rows at a time, side by side. `row_of(r)` gives
// the targets of a row, `share_of(r)` what it counts. `room` holds four packs for each output. Returns the cost.
template <class T, class RowOf, class ShareOf>
T finish_loss(const Network& net, const T* biases, T* z, std::int64_t rows, Pack<T, 8>* room, RowOf&& row_of, ShareOf&& share_of) {
    using V = Pack<T, 8>;
    const Layer& last = net.layers[net.n_layers - 1];
    const std::int64_t n_out = last.n_out;
    V* const zs = room;
    V* const as = room + n_out;
    V* const ys = room + 2 * n_out;
    V* const deltas = room + 3 * n_out;
    V total = zero<V>();
    for (std::int64_t first = 0; first < rows; first += 8) {
        const std::int64_t count = rows - first < 8 ? rows - first : 8;
        V shares = zero<V>();
        for (std::int64_t k = 0; k < 8; ++k) {
            const std::int64_t r = first + (k < count ? k : 0);
            const T* const targets = row_of(r);
            if (k < count) set_lane(shares, int(k), share_of(r));
            for (std::int64_t j = 0; j < n_out; ++j) {
                reinterpret_cast<T*>(zs + j)[k] = z[r * n_out + j];
                reinterpret_cast<T*>(ys + j)[k] = targets[j];
            }
        }
        if (biases != nullptr)
            for (std::int64_t j = 0; j < n_out; ++j) zs[j] += biases[j];
        activate_all<V>(last, zs, as, 1, 1);
        total += lose<V>(net, zs, as, ys, deltas, 1) * shares;
        for (std::int64_t j = 0; j < n_out; ++j) {
            const V delta = deltas[j] * shares;
            for (std::int64_t k = 0; k < count; ++k) z[(first + k) * n_out + j] = lane(delta, int(k));
        }
    }
    return sum_of_lanes(total);
}

}  // namespace unstuck::UNSTUCK_ISA
