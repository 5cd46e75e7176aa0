using StableDiffCoder.Engine.Model;
using TorchSharp;
using static TorchSharp.torch;

namespace StableDiffCoder.Training.Optimization;

/// <summary>Settings of AdamW.</summary>
public sealed record AdamWOptions
{
    /// <value>Decay of the first moment. Default 0.9.</value>
    public double Beta1 { get; init; } = 0.9;

    /// <value>Decay of the second moment. Default 0.95.</value>
    public double Beta2 { get; init; } = 0.95;

    /// <value>Added to the root of the second moment. Default 1e-8.</value>
    public double Epsilon { get; init; } = 1e-8;

    /// <value>Decoupled decay of matrices (gains are spared). Default 0.1.</value>
    public double WeightDecay { get; init; } = 0.1;
}

/// <summary>
/// AdamW (Loshchilov and Hutter 2019) on float32 master weights; the model computes with a copy of them in its own type, since a bfloat16
/// weight cannot hold a small update.
/// </summary>
public sealed class MasterWeightAdamW : IDisposable
{
    private readonly AdamWOptions options;
    private readonly List<State> states = [];

    /// <summary>Takes the model's present weights as the masters.</summary>
    public MasterWeightAdamW(DiffusionTransformer model, AdamWOptions options)
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
                    zeros_like(master).DetachFromDisposeScope()
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
        using Scalar step = (-learningRate / (1 - Math.Pow(options.Beta1, Steps))).ToScalar();
        for (int i = 0; i < states.Count; i++)
        {
            using var inner = NewDisposeScope();
            State state = states[i];
            Tensor gradient = gradients[i].MultiplyInPlace(clip);
            state.First.mul_(keepFirst).add_(gradient, takeFirst);
            state.Second.mul_(keepSecond).addcmul_(gradient, gradient, takeSecond);
            if (state.Master.dim() > 1)
            {
                state.Master.mul_(decay);
            }
            Tensor root = state.Second.sqrt().div_(unbiased).add_(epsilon, LastingScalars.One);
            state.Master.addcdiv_(state.First, root, step);
            state.Weight.copy_(state.Master);
            state.Weight.grad?.zero_();
        }
    }

    /// <summary>Everything a resumed run needs, by name: masters and both moments, float32.</summary>
    public IReadOnlyDictionary<string, Tensor> Tensors =>
        states
            .SelectMany(state =>
                (KeyValuePair<string, Tensor>[])
                    [
                        new($"master.{state.Name}", state.Master),
                        new($"first.{state.Name}", state.First),
                        new($"second.{state.Name}", state.Second),
                    ]
            )
            .ToDictionary();

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
            state.Second.Dispose();
        }
    }

    private sealed record State(string Name, Tensor Weight, Tensor Master, Tensor First, Tensor Second);
}
