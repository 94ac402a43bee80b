// The Python module `unstuck._kernels`.
#define UNSTUCK_ISA baseline
#include "runner.hpp"
#include "shuffle.hpp"

#include <nanobind/nanobind.h>
#include <nanobind/ndarray.h>
#include <nanobind/stl/optional.h>
#include <nanobind/stl/string.h>
#include <nanobind/stl/tuple.h>
#include <nanobind/stl/vector.h>

#include <memory>
#include <string>
#include <vector>

namespace nb = nanobind;
using namespace nb::literals;

namespace unstuck {
namespace {

template <class T>
using Array = nb::ndarray<T, nb::c_contig, nb::device::cpu>;
template <class T>
using ReadArray = nb::ndarray<const T, nb::c_contig, nb::device::cpu>;

using LayerTuple = std::tuple<std::int64_t, std::int64_t, std::int64_t, std::int64_t, int, double>;

const Kernels& chosen(const std::string& isa) {
    const Kernels* found = kernels(isa.c_str());
    if (found == nullptr) throw nb::value_error(("this machine has no kernels called '" + isa + "'").c_str());
    return *found;
}

// What every training is made of, with its arrays kept alive.
template <class T>
class Held {
public:
    Held(const std::vector<LayerTuple>& layers, int loss, std::vector<double> loss_settings, double l1, double l2, int optimizer,
         std::vector<double> settings, bool nesterov, bool centered, double clip_norm, double clip_value, double max_norm,
         ReadArray<T> inputs, ReadArray<T> targets, std::optional<ReadArray<T>> weights, std::int64_t batch, bool shuffled,
         std::uint64_t seed, std::uint64_t stream, Array<T> parameters, Array<T> best, std::vector<Array<T>> slots,
         std::optional<Array<T>> previous_loss, std::uint64_t gemm, bool wide, int threads, const std::string& isa)
        : inputs_(inputs), targets_(targets), weights_(weights), parameters_(parameters), best_(best), slots_(slots), previous_loss_(previous_loss) {
        for (const auto& [n_in, n_out, at, biases, activation, setting] : layers)
            layers_.push_back({n_in, n_out, at, biases, Activation(activation), setting});
        Training<T> training{};
        training.net = {layers_.data(), std::int64_t(layers_.size()), std::int64_t(parameters.size()), {Loss(loss), {}, l1, l2}};
        for (std::size_t i = 0; i < loss_settings.size(); ++i) training.net.objective.settings[i] = loss_settings[i];
        training.rule.kind = Optimizer(optimizer);
        for (std::size_t i = 0; i < settings.size(); ++i) training.rule.settings[i] = settings[i];
        training.rule.nesterov = nesterov;
        training.rule.centered = centered;
        training.limits = {clip_norm, clip_value, max_norm};
        training.rows = {inputs.data(), targets.data(), weights ? weights->data() : nullptr, std::int64_t(inputs.shape(0)), batch, shuffled, seed, stream};
        training.parameters = parameters.data();
        training.best = best.data();
        for (std::size_t i = 0; i < slots.size(); ++i) training.slots[i] = slots_[i].data();
        training.previous_loss = previous_loss ? previous_loss->data() : &unused_;
        const Offers<T>& offers = chosen(isa).template offers<T>();
        const Blas blas{reinterpret_cast<void*>(std::uintptr_t(gemm)), wide};
        runner_.reset(gemm == 0 ? offers.small(training) : offers.medium(training, blas, threads));
    }

    // Returns the losses of the epochs that were run; `progress` is changed.
    nb::ndarray<nb::numpy, double, nb::ndim<1>> run(std::int64_t epochs, double rate_factor, double target_loss, double min_delta, std::int64_t patience, double seconds, Progress& progress) {
        auto* losses = new std::vector<double>(epochs);
        nb::capsule owner(losses, [](void* kept) noexcept { delete static_cast<std::vector<double>*>(kept); });
        const Until until{target_loss, min_delta, patience, seconds};
        {
            nb::gil_scoped_release released;
            losses->resize(runner_->run(epochs, rate_factor, until, progress, losses->data()));
        }
        return {losses->data(), {losses->size()}, owner};
    }

private:
    std::vector<Layer> layers_;
    ReadArray<T> inputs_, targets_;
    std::optional<ReadArray<T>> weights_;
    Array<T> parameters_, best_;
    std::vector<Array<T>> slots_;
    std::optional<Array<T>> previous_loss_;
    T unused_ = 0;
    std::unique_ptr<Runner> runner_;
};

template <class T>
void bind(nb::module_& m, const char* name) {
    nb::class_<Held<T>>(m, name)
        .def(nb::init<const std::vector<LayerTuple>&, int, std::vector<double>, double, double, int, std::vector<double>, bool, bool, double, double, double,
                      ReadArray<T>, ReadArray<T>, std::optional<ReadArray<T>>, std::int64_t, bool, std::uint64_t, std::uint64_t, Array<T>, Array<T>,
                      std::vector<Array<T>>, std::optional<Array<T>>, std::uint64_t, bool, int, const std::string&>(),
             nb::kw_only(), "layers"_a, "loss"_a, "loss_settings"_a, "l1"_a, "l2"_a, "optimizer"_a, "settings"_a, "nesterov"_a, "centered"_a,
             "clip_norm"_a, "clip_value"_a, "max_norm"_a, "inputs"_a, "targets"_a, "weights"_a.none(), "batch"_a, "shuffled"_a, "seed"_a, "stream"_a,
             "parameters"_a.noconvert(), "best"_a.noconvert(), "slots"_a.noconvert(), "previous_loss"_a.noconvert().none(), "gemm"_a = 0, "wide"_a = true, "threads"_a = 1, "isa"_a = "")
        .def("run", &Held<T>::run, "epochs"_a, "rate_factor"_a, "target_loss"_a, "min_delta"_a, "patience"_a, "seconds"_a, "progress"_a);
    m.def("evaluate", [](int function, ReadArray<T> x, Array<T> y, const std::string& isa) {
        chosen(isa).template offers<T>().evaluate(Function(function), x.data(), y.data(), std::int64_t(x.size()));
    }, "function"_a, "x"_a.noconvert(), "y"_a.noconvert(), "isa"_a = "");
}

}  // namespace
}  // namespace unstuck

NB_MODULE(_kernels, m) {
    using namespace unstuck;
    m.doc() = "Compiled kernels of unstuck.";
    nb::class_<Progress>(m, "Progress")
        .def(nb::init<>())
        .def_rw("epoch", &Progress::epoch)
        .def_rw("batch", &Progress::batch)
        .def_rw("step", &Progress::step)
        .def_rw("loss_sum", &Progress::loss_sum)
        .def_rw("best_score", &Progress::best_score)
        .def_rw("best_epoch", &Progress::best_epoch)
        .def_rw("waited", &Progress::waited);
    bind<float>(m, "Float32Training");
    bind<double>(m, "Float64Training");
    m.def("permute", [](Array<std::int64_t> order, std::uint64_t seed, std::uint64_t stream, std::uint64_t epoch) {
        baseline::permute(order.data(), std::int64_t(order.size()), seed, stream, epoch);
    }, "order"_a.noconvert(), "seed"_a, "stream"_a, "epoch"_a);
    m.def("instruction_set", [](const std::string& isa) { return std::string(chosen(isa).name); }, "isa"_a = "");
    m.def("has", [](const std::string& isa) { return kernels(isa.c_str()) != nullptr; }, "isa"_a);
}
