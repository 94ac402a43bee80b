// Trainings, of one network and of many, as Python sees them.
#include "binding.hpp"
#include "denormals.hpp"

#include <limits>
#include <memory>

namespace unstuck {
namespace {

// One network; the arrays of its specification stay where they are while it is trained.
template <class T>
class OneTraining {
public:
    OneTraining(const Specification<T>& specification, std::uint64_t gemm, bool wide, int threads, const std::string& isa) {
        const Offers<T>& offers = chosen(isa).template offers<T>();
        const Blas blas{reinterpret_cast<void*>(std::uintptr_t(gemm)), wide};
        runner_.reset(gemm == 0 ? offers.small(specification.training()) : offers.medium(specification.training(), blas, threads));
    }

    // Returns the losses of the epochs that were run; `progress` is changed.
    nb::ndarray<nb::numpy, double, nb::ndim<1>> run(std::int64_t epochs, double rate_factor, double target_loss, double min_delta, std::int64_t patience,
                                                    double seconds, Progress& progress) {
        auto* losses = new std::vector<double>(epochs);
        nb::capsule owner(losses, [](void* kept) noexcept { delete static_cast<std::vector<double>*>(kept); });
        const Until until{target_loss, min_delta, patience, seconds};
        {
            nb::gil_scoped_release released;
            const WithoutDenormals flushed;
            losses->resize(runner_->run(epochs, rate_factor, until, progress, losses->data()));
        }
        return {losses->data(), {losses->size()}, owner};
    }

private:
    std::unique_ptr<Runner> runner_;
};

template <class T>
class ManyTrainings {
public:
    ManyTrainings(const Specification<T>& specification, ReadArray<std::uint64_t> seeds, Array<double> losses, std::optional<Array<double>> curves,
                  std::int64_t every, std::int64_t epochs, double target_loss, double min_delta, std::int64_t patience, const std::string& isa)
        : seeds_(seeds), losses_(losses), curves_(curves), progress_(seeds.size()) {
        for (Progress& each : progress_) {
            each = {};
            each.best_score = std::numeric_limits<double>::infinity();
        }
        const ManyNetworks<T> networks{specification.training(), std::int64_t(seeds.size()), seeds.data(), epochs, {target_loss, min_delta, patience, 0.0},
                                       progress_.data(), losses.data(), curves ? curves->data() : nullptr, every};
        many_.reset(chosen(isa).template offers<T>().many(networks));
    }

    bool run(double seconds, int threads) {
        nb::gil_scoped_release released;
        const WithoutDenormals flushed;
        return many_->run(seconds, threads);
    }

    void stop() { many_->stop(); }

    const std::vector<Progress>& progress() const { return progress_; }

private:
    ReadArray<std::uint64_t> seeds_;
    Array<double> losses_;
    std::optional<Array<double>> curves_;
    std::vector<Progress> progress_;
    std::unique_ptr<Many> many_;
};

}  // namespace

template <class T>
void bind_trainings(nb::module_& m, const char* name) {
    nb::class_<OneTraining<T>>(m, name)
        .def(nb::init<const Specification<T>&, std::uint64_t, bool, int, const std::string&>(), nb::keep_alive<1, 2>(), "specification"_a, nb::kw_only(),
             "gemm"_a = 0, "wide"_a = true, "threads"_a = 1, "isa"_a = "")
        .def("run", &OneTraining<T>::run, "epochs"_a, "rate_factor"_a, "target_loss"_a, "min_delta"_a, "patience"_a, "seconds"_a, "progress"_a);
}

template <class T>
void bind_many(nb::module_& m, const char* name) {
    nb::class_<ManyTrainings<T>>(m, name)
        .def(nb::init<const Specification<T>&, ReadArray<std::uint64_t>, Array<double>, std::optional<Array<double>>, std::int64_t, std::int64_t, double, double,
                      std::int64_t, const std::string&>(),
             nb::keep_alive<1, 2>(), "specification"_a, nb::kw_only(), "seeds"_a, "losses"_a.noconvert(), "curves"_a.noconvert().none(), "every"_a, "epochs"_a,
             "target_loss"_a, "min_delta"_a, "patience"_a, "isa"_a = "")
        .def("run", &ManyTrainings<T>::run, "seconds"_a, "threads"_a)
        .def("stop", &ManyTrainings<T>::stop)
        .def("progress", &ManyTrainings<T>::progress);
}

template void bind_trainings<float>(nb::module_&, const char*);
template void bind_trainings<double>(nb::module_&, const char*);
template void bind_many<float>(nb::module_&, const char*);
template void bind_many<double>(nb::module_&, const char*);

}  // namespace unstuck
