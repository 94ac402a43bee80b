// What a training is: plain data that Python fills in, the same for every instruction set.
#pragma once

#include <cstdint>

namespace unstuck {

enum class Activation : std::int32_t {
    identity, sigmoid, tanh, softsign, hard_sigmoid, softmax, relu, leaky_relu, elu, selu, gelu, silu, softplus
};
enum class Loss : std::int32_t {
    mse, half_sum, mae, huber, quantile, poisson_of_logarithm, poisson_of_rate, bce, ce, focal, focal_balanced
};
enum class Optimizer : std::int32_t { gd, adagrad, rmsprop, adam, rprop_minus, rprop_plus, irprop_minus, irprop_plus };

constexpr int most_slots = 3;
constexpr int most_settings = 8;

// z = x W + b, a = activation(z). Weights (n_in, n_out) and biases lie in the vector of all parameters.
struct Layer {
    std::int64_t n_in, n_out;
    std::int64_t weights, biases;  // where they begin; biases -1 for none
    Activation activation;
    double setting;  // slope or alpha
};

struct Objective {
    Loss loss;
    double settings[2];
    double l1, l2;
};

// An optimizer's settings in the order of its class's fields, see engines/compiled.py.
struct Rule {
    Optimizer kind;
    double settings[most_settings];
    bool nesterov, centered;
};

// What is done to gradients and weights around the rule; 0 for not at all.
struct Limits {
    double clip_norm, clip_value, max_norm;
};

struct Network {
    const Layer* layers;
    std::int64_t n_layers;
    std::int64_t n_parameters;
    Objective objective;
};

// Rows to train on, row after row, in the order of an epoch: drawn from the seed, or as they are.
template <class T>
struct Rows {
    const T* inputs;
    const T* targets;
    const T* weights;  // nullptr where all rows count the same
    std::int64_t count, batch;
    bool shuffled;
    std::uint64_t seed, stream;
};

// Where a training stands, as in training/state.py.
struct Progress {
    std::int64_t epoch, batch, step;
    double loss_sum;
    double best_score;
    std::int64_t best_epoch, waited;
};

// When to hand back before the last epoch; -inf, 0 and 0 for never.
struct Until {
    double target_loss, min_delta;
    std::int64_t patience;
    double seconds;
};

// Everything that one training of a network needs.
template <class T>
struct Training {
    Network net;
    Rule rule;
    Limits limits;
    Rows<T> rows;
    T* parameters;
    T* best;
    T* slots[most_slots];
    T* previous_loss;  // one number; nullptr where the rule has no use for it
};

// Many networks that are trained alike, each from weights and a seed of its own.
template <class T>
struct ManyNetworks {
    Training<T> first;  // the arrays of the others lie behind the first one's, a row for each
    std::int64_t count;
    const std::uint64_t* seeds;
    std::int64_t epochs;
    Until until;
    Progress* progress;  // one for each
    double* losses;      // of the last epoch, one for each
    double* curves;      // the losses of every `every`-th epoch, a row for each; nullptr where nobody wants them
    std::int64_t every;
};

}  // namespace unstuck
