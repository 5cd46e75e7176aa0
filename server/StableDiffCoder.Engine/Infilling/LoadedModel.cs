using StableDiffCoder.Engine.Diffusion;
using StableDiffCoder.Engine.Kernels;
using StableDiffCoder.Engine.Model;
using StableDiffCoder.Engine.Runtime;
using StableDiffCoder.Engine.Tokenization;
using StableDiffCoder.Engine.Weights;
using TorchSharp;

namespace StableDiffCoder.Engine.Infilling;

/// <summary>A model folder in memory: config, tokenizer and transformer, checked to belong together. Used by one thread at a time.</summary>
public sealed class LoadedModel : IDisposable
{
    private readonly Lazy<SpecialIds> specialIds;
    private readonly Lazy<HashSet<int>> control;

    private LoadedModel(ModelDirectory directory, HuggingFaceTokenizer tokenizer, ComputeDevice device, DiffusionTransformer transformer)
    {
        Directory = directory;
        Tokenizer = tokenizer;
        Device = device;
        Transformer = transformer;
        specialIds = new Lazy<SpecialIds>(() => SpecialTokenCheck.Run(directory, tokenizer));
        control = new Lazy<HashSet<int>>(() =>
            [.. Enum.GetValues<SpecialTokenKind>().Select(kind => tokenizer.Special[kind]).OfType<int>(), SpecialIds.Eos]
        );
    }

    /// <summary>The folder.</summary>
    public ModelDirectory Directory { get; }

    /// <summary>The model's shape.</summary>
    public ModelConfig Config => Directory.Config;

    /// <summary>Text ↔ ids.</summary>
    public HuggingFaceTokenizer Tokenizer { get; }

    /// <summary>Ids with a meaning to the samplers. Looked up when first asked for: scoring needs none of them.</summary>
    /// <exception cref="ModelLoadException">tokenizer.json lacks the mask or the eos token.</exception>
    public SpecialIds SpecialIds => specialIds.Value;

    /// <summary>Where the weights are.</summary>
    public ComputeDevice Device { get; }

    /// <summary>The weights, in evaluation mode and without gradients.</summary>
    public DiffusionTransformer Transformer { get; }

    /// <summary>Whether an id controls the model and is never text: marked special in tokenizer.json, or used as one here.</summary>
    public bool IsControl(int id) => Tokenizer.IsSpecial(id) || control.Value.Contains(id);

    /// <summary>The prompt of one hole in FIM order, with as much of the text around it as fits.</summary>
    /// <param name="before">All text before the hole.</param>
    /// <param name="behind">All text behind it.</param>
    /// <param name="newTokens">Positions to leave for the fill.</param>
    /// <exception cref="ModelLoadException">The tokenizer lacks a FIM token.</exception>
    /// <exception cref="ArgumentException">The new tokens alone do not fit the model.</exception>
    public int[] FimPrompt(string before, string behind, int newTokens) =>
        new CanvasBuilder(Config with { InfillOrder = InfillOrder.Fim }, Tokenizer)
            .SuffixFirst(before, behind, newTokens, new InfillOptions(), [])
            .Known[0];

    /// <summary>Loads a folder. Call it on the thread that will run the model: libtorch's thread count is set for that thread.</summary>
    /// <param name="modelDirectory">A Hugging Face folder.</param>
    /// <param name="options">Validated here.</param>
    /// <param name="progress">Told how far the loading is, on this thread; null when nobody looks.</param>
    /// <param name="cancellationToken">Checked between parts and every few megabytes of weights.</param>
    /// <exception cref="ModelLoadException">A file is missing or wrong; the message names it and the fix.</exception>
    /// <exception cref="ArgumentException">An option is out of bounds, or the device is not there.</exception>
    public static LoadedModel Load(
        string modelDirectory,
        ModelLoadOptions options,
        IProgress<ModelLoadProgress>? progress,
        CancellationToken cancellationToken
    )
    {
        const double WeightsFrom = 0.1;
        options.Validate();
        progress?.Report(new ModelLoadProgress(0, "libtorch"));
        TorchRuntime.EnsureLoaded(options.LibtorchDirectory, options.Threads);
        ComputeDevice device = ComputeDevice.Parse(options.Device);
        cancellationToken.ThrowIfCancellationRequested();
        progress?.Report(new ModelLoadProgress(0.02, "config and tokenizer"));
        ModelDirectory directory = ModelDirectory.Open(modelDirectory);
        HuggingFaceTokenizer tokenizer = HuggingFaceTokenizer.Load(directory.TokenizerPath);
        SpecialTokenCheck.RequireOneModel(directory, tokenizer);
        cancellationToken.ThrowIfCancellationRequested();
        progress?.Report(new ModelLoadProgress(WeightsFrom, "weights"));
        var transformer = new DiffusionTransformer(
            directory.Config with
            {
                Quantization = QuantizationOf(directory, options.DataType),
            },
            device.DataType(options.DataType, directory.ParameterCount),
            device.Device
        );
        try
        {
            var weights = new WeightProgress(progress, WeightsFrom);
            WeightLoader.Load(directory, transformer.Weights, transformer.QuantizedWeights, weights, cancellationToken);
        }
        catch
        {
            transformer.Dispose();
            throw;
        }
        transformer.eval();
        foreach (var weight in transformer.parameters())
        {
            weight.requires_grad_(false);
        }
        if (device.Device.type == DeviceType.CPU)
        {
            transformer.UseKernels(LinearKernels.Best, options.Threads ?? torch.get_num_threads());
        }
        progress?.Report(new ModelLoadProgress(1, "loaded"));
        return new LoadedModel(directory, tokenizer, device, transformer);
    }

    private static WeightQuantization QuantizationOf(ModelDirectory directory, string? dataType)
    {
        WeightQuantization asked = WeightQuantizations.Of(dataType);
        WeightQuantization stored = directory.Config.Quantization;
        return stored == WeightQuantization.None ? asked
            : dataType is null || asked == stored ? stored
            : throw new ModelLoadException(
                directory.Path,
                $"{directory.Path} holds {WeightQuantizations.NameOf(stored)} weights, and dtype is \"{dataType}\"; leave dtype out, or load the folder it was made from."
            );
    }

    /// <summary>Frees the weights.</summary>
    public void Dispose() => Transformer.Dispose();

    // Weights report their own fraction; a person needs whole percents at most.
    private sealed class WeightProgress(IProgress<ModelLoadProgress>? progress, double from) : IProgress<double>
    {
        private int lastPercent = -1;

        public void Report(double value)
        {
            int percent = (int)(Math.Clamp(value, 0, 1) * 100);
            if (percent > lastPercent)
            {
                lastPercent = percent;
                // The last hundredth is the caller's: 1 means loaded.
                progress?.Report(new ModelLoadProgress(from + (0.99 - from) * percent / 100, $"weights {percent} %"));
            }
        }
    }
}
