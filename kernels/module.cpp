// The Python module `unstuck._kernels`.
#define UNSTUCK_ISA baseline
#include "binding.hpp"
#include "shuffle.hpp"

namespace unstuck {
namespace {

template <class T>
void bind(nb::module_& m, const std::string& prefix) {
    nb::class_<Specification<T>>(m, (prefix + "Specification").c_str())
        .def(nb::init<const std::vector<LayerTuple>&, int, std::vector<double>, double, double, int, std::vector<double>, bool, bool, double, double, double,
                      ReadArray<T>, ReadArray<T>, std::optional<ReadArray<T>>, std::int64_t, bool, std::uint64_t, std::uint64_t, Array<T>, Array<T>,
                      std::vector<Array<T>>, std::optional<Array<T>>>(),
             nb::kw_only(), "layers"_a, "loss"_a, "loss_settings"_a, "l1"_a, "l2"_a, "optimizer"_a, "settings"_a, "nesterov"_a, "centered"_a,
             "clip_norm"_a, "clip_value"_a, "max_norm"_a, "inputs"_a, "targets"_a, "weights"_a.none(), "batch"_a, "shuffled"_a, "seed"_a, "stream"_a,
             "parameters"_a.noconvert(), "best"_a.noconvert(), "slots"_a.noconvert(), "previous_loss"_a.noconvert().none());
    bind_trainings<T>(m, (prefix + "Training").c_str());
    bind_many<T>(m, (prefix + "Networks").c_str());
    bind_predictor<T>(m, (prefix + "Predictor").c_str());
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
    bind<float>(m, "Float32");
    bind<double>(m, "Float64");
    m.def("permute", [](Array<std::int64_t> order, std::uint64_t seed, std::uint64_t stream, std::uint64_t epoch) {
        baseline::permute(order.data(), std::int64_t(order.size()), seed, stream, epoch);
    }, "order"_a.noconvert(), "seed"_a, "stream"_a, "epoch"_a);
    m.def("instruction_set", [](const std::string& isa) { return std::string(chosen(isa).name); }, "isa"_a = "");
    m.def("has", [](const std::string& isa) { return kernels(isa.c_str()) != nullptr; }, "isa"_a);
}
