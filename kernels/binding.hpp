// What Python says of a training, with the arrays it handed over kept alive.
#pragma once

#include "runner.hpp"

#include <nanobind/nanobind.h>
#include <nanobind/ndarray.h>
#include <nanobind/stl/optional.h>
#include <nanobind/stl/string.h>
#include <nanobind/stl/tuple.h>
#include <nanobind/stl/vector.h>

#include <string>
#include <vector>

namespace unstuck {

namespace nb = nanobind;
using namespace nb::literals;

template <class T>
using Array = nb::ndarray<T, nb::c_contig, nb::device::cpu>;
template <class T>
using ReadArray = nb::ndarray<const T, nb::c_contig, nb::device::cpu>;

using LayerTuple = std::tuple<std::int64_t, std::int64_t, std::int64_t, std::int64_t, int, double>;

inline const Kernels& chosen(const std::string& isa) {
    const Kernels* found = kernels(isa.c_str());
    if (found == nullptr) throw nb::value_error(("this machine has no kernels called '" + isa + "'").c_str());
    return *found;
}

inline std::vector<Layer> to_layers(const std::vector<LayerTuple>& given) {
    std::vector<Layer> layers;
    for (const auto& [n_in, n_out, at, biases, activation, setting] : given) layers.push_back({n_in, n_out, at, biases, Activation(activation), setting});
    return layers;
}

// Parameters, best and slots hold a row for each network; those of a single network are vectors.
template <class T>
class Specification {
public:
    Specification(const std::vector<LayerTuple>& layers, int loss, std::vector<double> loss_settings, double l1, double l2, int optimizer,
                  std::vector<double> settings, bool nesterov, bool centered, double clip_norm, double clip_value, double max_norm,
                  ReadArray<T> inputs, ReadArray<T> targets, std::optional<ReadArray<T>> weights, std::int64_t batch, bool shuffled,
                  std::uint64_t seed, std::uint64_t stream, Array<T> parameters, Array<T> best, std::vector<Array<T>> slots,
                  std::optional<Array<T>> previous_loss)
        : layers_(to_layers(layers)), inputs_(inputs), targets_(targets), weights_(weights), parameters_(parameters), best_(best), slots_(slots),
          previous_loss_(previous_loss), unused_(parameters.ndim() > 1 ? parameters.shape(0) : 1) {
        const std::int64_t n_parameters(parameters.shape(parameters.ndim() - 1));
        training_.net = {layers_.data(), std::int64_t(layers_.size()), n_parameters, {Loss(loss), {}, l1, l2}};
        for (std::size_t i = 0; i < loss_settings.size(); ++i) training_.net.objective.settings[i] = loss_settings[i];
        training_.rule.kind = Optimizer(optimizer);
        for (std::size_t i = 0; i < settings.size(); ++i) training_.rule.settings[i] = settings[i];
        training_.rule.nesterov = nesterov;
        training_.rule.centered = centered;
        training_.limits = {clip_norm, clip_value, max_norm};
        training_.rows = {inputs.data(), targets.data(), weights ? weights->data() : nullptr, std::int64_t(inputs.shape(0)), batch, shuffled, seed, stream};
        training_.parameters = parameters.data();
        training_.best = best.data();
        for (std::size_t i = 0; i < slots.size(); ++i) training_.slots[i] = slots_[i].data();
        training_.previous_loss = previous_loss ? previous_loss->data() : unused_.data();
    }
    Specification(const Specification&) = delete;

    const Training<T>& training() const { return training_; }

private:
    std::vector<Layer> layers_;
    ReadArray<T> inputs_, targets_;
    std::optional<ReadArray<T>> weights_;
    Array<T> parameters_, best_;
    std::vector<Array<T>> slots_;
    std::optional<Array<T>> previous_loss_;
    std::vector<T> unused_;
    Training<T> training_{};
};

// What the other files of the module add to it.
template <class T>
void bind_trainings(nb::module_& m, const char* name);
template <class T>
void bind_many(nb::module_& m, const char* name);
template <class T>
void bind_predictor(nb::module_& m, const char* name);

}  // namespace unstuck
