using StableDiffCoder.Engine.Model;
using TorchSharp;
using static TorchSharp.torch;

namespace StableDiffCoder.Training.Optimization;

/// <summary>
/// AdamW (Loshchilov and Hutter 2019), and Muon for the hidden matrices if asked, on float32 master weights; the model computes with a copy of
/// them in its own type, since a bfloat16 weight cannot hold a small update.
/// </summary>
public sealed class MasterWeightOptimizer : IDisposable
{
    private readonly OptimizerOptions options;
    private readonly List<State> states = [];

    /// <summary>Takes the model's present weights as the masters.</summary>
    public MasterWeightOptimizer(DiffusionTransformer model, OptimizerOptions options)
    {
        this.options = options;
        using var noGrad = no_grad();
        foreach ((string name, Tensor weight) in model.Weights.OrderBy(entry => entry.Key, StringComparer.Ordinal))
        {
            using var scope = NewDisposeScope();
            Tensor master = weight.detach().to(ScalarType.Float32, copy: true);
            states.Add(
                new State(
                    name,
                    weight,
                    master.DetachFromDisposeScope(),
                    zeros_like(master).DetachFromDisposeScope(),
                    options.Muon && Muon.Applies(name, weight) ? null : zeros_like(master).DetachFromDisposeScope()
                )
            );
        }
    }

    /// <summary>Updates so far.</summary>
    public long Steps { get; private set; }

    /// <summary>Clips the gradients to a norm, updates the masters, copies them to the model and clears the gradients.</summary>
    /// <param name="learningRate">Rate of this update.</param>
    /// <param name="largestNorm">Norm to clip to.</param>
    /// <returns>The gradient norm before clipping. When it is not finite nothing is updated, and the gradients are cleared.</returns>
    public double Step(double learningRate, double largestNorm)
    {
        using var scope = NewDisposeScope();
        using var noGrad = no_grad();
        Tensor[] gradients = [.. states.Select(state => (state.Weight.grad ?? zeros_like(state.Weight)).to(ScalarType.Float32))];
        double norm = stack(gradients.Select(gradient => (gradient * gradient).sum()).ToArray()).sum().sqrt().item<float>();
        if (!double.IsFinite(norm))
        {
            states.ForEach(state => state.Weight.grad?.zero_());
            return norm;
        }
        Steps++;
        double clip = norm > largestNorm ? largestNorm / norm : 1;
        Update(gradients, learningRate, clip);
        return norm;
    }

    private void Update(Tensor[] gradients, double learningRate, double clip)
    {
        using Scalar keepFirst = options.Beta1.ToScalar();
        using Scalar takeFirst = (1 - options.Beta1).ToScalar();
        using Scalar keepSecond = options.Beta2.ToScalar();
        using Scalar takeSecond = (1 - options.Beta2).ToScalar();
        using Scalar decay = (1 - learningRate * options.WeightDecay).ToScalar();
        using Scalar unbiased = Math.Sqrt(1 - Math.Pow(options.Beta2, Steps)).ToScalar();
        using Scalar epsilon = options.Epsilon.ToScalar();
        using Scalar descent = (-learningRate).ToScalar();
        using Scalar step = (-learningRate / (1 - Math.Pow(options.Beta1, Steps))).ToScalar();
        for (int i = 0; i < states.Count; i++)
        {
            using var inner = NewDisposeScope();
            State state = states[i];
            Tensor gradient = gradients[i].MultiplyInPlace(clip);
            if (state.Master.dim() > 1)
            {
                state.Master.mul_(decay);
            }
            if (state.Second is null)
            {
                state.Master.add_(Muon.Direction(state.First, gradient, options.MuonMomentum), descent);
            }
            else
            {
                state.First.mul_(keepFirst).add_(gradient, takeFirst);
                state.Second.mul_(keepSecond).addcmul_(gradient, gradient, takeSecond);
                Tensor root = state.Second.sqrt().div_(unbiased).add_(epsilon, LastingScalars.One);
                state.Master.addcdiv_(state.First, root, step);
            }
            state.Weight.copy_(state.Master);
            state.Weight.grad?.zero_();
        }
    }

    /// <summary>Everything a resumed run needs, by name: masters and moments, float32. Muon has no second moment.</summary>
    public IReadOnlyDictionary<string, Tensor> Tensors =>
        states.SelectMany(state => state.Tensors).ToDictionary(entry => entry.Name, entry => entry.Tensor);

    /// <summary>The master weights under the checkpoint's names, float32.</summary>
    public IReadOnlyDictionary<string, Tensor> Masters => states.ToDictionary(state => state.Name, state => state.Master);

    /// <summary>Call after <see cref="Tensors"/> were written to: continues from there.</summary>
    /// <param name="steps">Updates already made.</param>
    public void Resumed(long steps)
    {
        using var noGrad = no_grad();
        Steps = steps;
        foreach (State state in states)
        {
            state.Weight.copy_(state.Master);
        }
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        foreach (State state in states)
        {
            state.Master.Dispose();
            state.First.Dispose();
            state.Second?.Dispose();
        }
    }

    private sealed record State(string Name, Tensor Weight, Tensor Master, Tensor First, Tensor? Second)
    {
        public IEnumerable<(string Name, Tensor Tensor)> Tensors
        {
            get
            {
                yield return ($"master.{Name}", Master);
                yield return ($"first.{Name}", First);
                if (Second is not null)
                {
                    yield return ($"second.{Name}", Second);
                }
            }
        }
    }
}
