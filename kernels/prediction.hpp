// The outputs of a network for rows of inputs, in chunks that fit the cache.
#pragma once

#include "buffer.hpp"
#include "crew.hpp"
#include "products.hpp"
#include "rows.hpp"
#include "runner.hpp"

namespace unstuck::UNSTUCK_ISA {

template <class T>
inline bool are_finite(const T* values, std::int64_t count) {
    Pack<T, 16> spoiled = zero<Pack<T, 16>>();  // 0 as long as all are finite
    std::int64_t i = 0;
    for (; i + 16 <= count; i += 16) {
        const Pack<T, 16> value = load<Pack<T, 16>>(values + i);
        spoiled += value - value;
    }
    T rest = sum_of_lanes(spoiled);
    for (; i < count; ++i) rest += values[i] - values[i];
    return rest == T(0);
}

// z = x W for one row: as many columns at a time as there are registers for.
template <class T>
void multiply_row(const Layer& layer, const T* weights, const T* x, T* z) {
    using V = Pack<T, 64 / sizeof(T)>;
    constexpr std::int64_t lanes = Traits<V>::lanes, most = 4;
    const std::int64_t columns = layer.n_out;
    std::int64_t j = 0;
    for (; j + most * lanes <= columns; j += most * lanes) {
        V sums[most];
        for (V& sum : sums) sum = zero<V>();
        for (std::int64_t i = 0; i < layer.n_in; ++i)
            UNSTUCK_UNROLL
            for (int k = 0; k < most; ++k) sums[k] += load<V>(weights + i * columns + j + k * lanes) * x[i];
        UNSTUCK_UNROLL
        for (int k = 0; k < most; ++k) store<V>(z + j + k * lanes, sums[k]);
    }
    if (j == columns) return;
    for (std::int64_t k = j; k < columns; ++k) z[k] = T(0);
    for (std::int64_t i = 0; i < layer.n_in; ++i)
        for (std::int64_t k = j; k < columns; ++k) z[k] += weights[i * columns + k] * x[i];
}

// Some rows, each layer for all of them before the next.
template <class T>
void predict_chunk(const Network& net, const T* parameters, const Products<T>& products, const T* inputs, std::int64_t rows, Buffer<T> values[2], T* outputs) {
    constexpr std::int64_t few = 4;
    const T* x = inputs;
    for (std::int64_t l = 0; l < net.n_layers; ++l) {
        const Layer& layer = net.layers[l];
        const T* const weights = parameters + layer.weights;
        T* const z = l == net.n_layers - 1 ? outputs : values[l % 2].get();
        if (rows < few || !products.is_there()) {
            for (std::int64_t r = 0; r < rows; ++r) multiply_row(layer, weights, x + r * layer.n_in, z + r * layer.n_out);
        } else {
            products.multiply(false, false, rows, layer.n_out, layer.n_in, x, layer.n_in, weights, layer.n_out, false, z, layer.n_out);
        }
        finish_forward(layer, layer.biases < 0 ? nullptr : parameters + layer.biases, z, z, rows);
        x = z;
    }
}

// A small network: rows side by side in packs.
template <class T>
void predict_lanes(const Network& net, const T* parameters, const T* inputs, std::int64_t rows, Buffer<Pack<T, 8>> values[2], std::int64_t stride, T* outputs) {
    using V = Pack<T, 8>;
    const std::int64_t n_in = net.layers[0].n_in, n_out = net.layers[net.n_layers - 1].n_out, blocks = (rows + 7) / 8;
    for (std::int64_t r = 0; r < blocks * 8; ++r)
        for (std::int64_t i = 0; i < n_in; ++i) reinterpret_cast<T*>(values[0].get() + i * stride)[r] = inputs[(r < rows ? r : 0) * n_in + i];
    for (std::int64_t l = 0; l < net.n_layers; ++l) {
        const Layer& layer = net.layers[l];
        V* const z = values[(l + 1) % 2].get();
        Dense<V, T>(layer, parameters, blocks, stride).forward(values[l % 2].get(), z);
        activate_all<V>(layer, z, z, blocks, stride);
    }
    const V* const last = values[net.n_layers % 2].get();
    for (std::int64_t r = 0; r < rows; ++r)
        for (std::int64_t j = 0; j < n_out; ++j) outputs[r * n_out + j] = reinterpret_cast<const T*>(last + j * stride)[r];
}

// What the threads of one prediction share; each takes the next chunk until there are none.
template <class T>
struct Prediction {
    const Network& net;
    const T* parameters;
    Products<T> products;
    const T* inputs;
    std::int64_t rows;
    T* outputs;
    std::int64_t chunk, widest;
    std::int64_t next = 0;
    bool is_small, failed = false;

    void work() {
        const std::int64_t n_in = net.layers[0].n_in, n_out = net.layers[net.n_layers - 1].n_out;
        Buffer<T> values[2];
        Buffer<Pack<T, 8>> packs[2];
        const std::int64_t stride = (chunk + 7) / 8;
        for (int side = 0; side < 2; ++side) {
            if (is_small) packs[side] = Buffer<Pack<T, 8>>(widest * stride);
            else values[side] = Buffer<T>(widest * chunk);
        }
        for (;;) {
            const std::int64_t begin = __atomic_fetch_add(&next, chunk, __ATOMIC_RELAXED);
            if (begin >= rows) return;
            const std::int64_t count = rows - begin < chunk ? rows - begin : chunk;
            const T* const x = inputs + begin * n_in;
            if (!are_finite(x, count * n_in)) {
                __atomic_store_n(&failed, true, __ATOMIC_RELAXED);
                return;
            }
            if (is_small) predict_lanes(net, parameters, x, count, packs, stride, outputs + begin * n_out);
            else predict_chunk(net, parameters, products, x, count, values, outputs + begin * n_out);
        }
    }
};

// Write the outputs; return false, with nothing worth reading in them, where an input is not a finite number.
template <class T>
bool predict(const Network& net, const T* parameters, Blas blas, const T* inputs, std::int64_t rows, T* outputs, int threads) {
    constexpr std::int64_t room = 512 * 1024, small = 64, few = 4;
    std::int64_t widest = net.layers[0].n_in, widest_behind = 0, values = net.layers[0].n_in;
    for (std::int64_t l = 0; l < net.n_layers; ++l) {
        widest_behind = net.layers[l].n_out > widest_behind ? net.layers[l].n_out : widest_behind;
        values += net.layers[l].n_out;
    }
    widest = widest_behind > widest ? widest_behind : widest;
    const bool is_small = widest <= small && rows >= few;
    std::int64_t chunk = room / (values * std::int64_t(sizeof(T)));
    chunk = chunk < 64 ? 64 : chunk / 8 * 8;
    const std::int64_t share = (rows + threads - 1) / threads;
    chunk = chunk < share ? chunk : share;
    Prediction<T> prediction{net, parameters, Products<T>(blas), inputs, rows, outputs, chunk, is_small ? widest : widest_behind, 0, is_small};
    if (threads == 1) prediction.work();
    else run_crew(threads, [](void* shared, int) { static_cast<Prediction<T>*>(shared)->work(); }, &prediction);
    return !prediction.failed;
}

}  // namespace unstuck::UNSTUCK_ISA
