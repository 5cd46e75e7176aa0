using System.CommandLine;
using System.Diagnostics;
using System.Globalization;
using System.Text.Json;
using StableDiffCoder.Cli.Display;
using StableDiffCoder.Cli.Help;
using StableDiffCoder.Cli.Measuring;
using StableDiffCoder.Engine.Kernels;
using StableDiffCoder.Engine.Model;
using StableDiffCoder.Engine.Runtime;
using StableDiffCoder.Engine.Weights;
using TorchSharp;

namespace StableDiffCoder.Cli.Commands;

/// <summary><c>bench forward</c>: one forward against this machine's memory and arithmetic.</summary>
internal static class BenchForwardCommand
{
    private static readonly JsonSerializerOptions Json = new() { PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower };

    private static readonly Option<string> Shape = new("--shape")
    {
        Description = $"{string.Join(", ", ForwardShape.Names)}: random weights of that shape; or a model folder, whose weights are loaded",
        HelpName = "NAME|DIR",
        DefaultValueFactory = _ => "mini",
    };

    private static readonly Option<string> Tokens = new("--tokens")
    {
        Description = "Tokens of a forward, with commas. More than 32 are timed as a prompt: depth 0, no logits",
        HelpName = "N,N",
        DefaultValueFactory = _ => "1,4,8,16,512",
    };

    private static readonly Option<int> Depth = new("--depth")
    {
        Description = "Cached tokens before a forward",
        HelpName = "N",
        DefaultValueFactory = _ => 512,
    };

    private static readonly Option<double> Seconds = new("--seconds")
    {
        Description = "Least time of one measurement",
        HelpName = "N",
        DefaultValueFactory = _ => 2,
    };

    private static readonly Option<bool> Compare = new("--compare") { Description = "Time libtorch's forward too, in turns" };

    private static readonly Option<string?> Write = new("--write")
    {
        Description = "Keep the random weights as a model folder, in shards",
        HelpName = "DIR",
    };

    private static readonly Option<bool> AsJson = new("--json") { Description = "Print one JSON object" };

    public static Command Create(GlobalOptions options, CommandConsole console)
    {
        var command = new DocumentedCommand("forward", "Time one forward against this machine's memory reads and matrix products")
        {
            Details =
            [
                "A forward of few tokens has to read every weight once, so memory sets its floor; one of many tokens is bound by arithmetic.",
                "Both bounds are measured in the same run. Times are medians.",
            ],
            Examples =
            [
                new("The 8B model's shape in 8 bits", "stable-diffcoder bench forward --shape 8b --dtype int8 --tokens 1,4,8 --depth 128"),
            ],
        };
        command.AddOptions(Shape, Tokens, Depth, Seconds, Compare, Write, AsJson);
        command.SetAction(options, console, (parsed, cancellationToken) => RunAsync(parsed, options, console, cancellationToken));
        return command;
    }

    private static async Task<int> RunAsync(
        ParseResult parsed,
        GlobalOptions options,
        CommandConsole console,
        CancellationToken cancellationToken
    )
    {
        ForwardBenchmarkResult result;
        using (var progress = new ProgressLine<string>(console, text => text))
        {
            await using var worker = new InferenceWorker();
            result = await worker.RunAsync(token => Measure(parsed, options, progress, token), cancellationToken);
        }
        console.Output.WriteLine(parsed.GetValue(AsJson) ? JsonSerializer.Serialize(result, Json) : ForwardTable.Of(result));
        return ExitCodes.Done;
    }

    private static ForwardBenchmarkResult Measure(
        ParseResult parsed,
        GlobalOptions options,
        ProgressLine<string> progress,
        CancellationToken cancellationToken
    )
    {
        TorchRuntime.EnsureLoaded(parsed.GetValue(options.Libtorch), parsed.GetValue(options.Threads));
        int threads = parsed.GetValue(options.Threads) ?? torch.get_num_threads();
        string shape = parsed.GetRequiredValue(Shape);
        progress.Report("weights");
        long start = Stopwatch.GetTimestamp();
        ComputeDevice device = ComputeDevice.Parse(parsed.GetValue(options.Device) ?? "cpu");
        bool onCpu = device.Device.type == DeviceType.CPU;
        using DiffusionTransformer model = Model(shape, options.DataTypeOf(parsed), device, cancellationToken);
        double load = Stopwatch.GetElapsedTime(start).TotalSeconds;
        if (parsed.GetValue(Write) is string folder)
        {
            if (model.Config.Quantization != WeightQuantization.None)
            {
                throw new InvalidInputException("--write keeps float weights; use --dtype bf16, then 'model quantize'.");
            }
            progress.Report($"writing {folder}");
            ForwardShape.Write(model, folder, Path.Combine(ModelLocation.Resolve(null), "tokenizer.json"), cancellationToken);
        }
        void UseKernels(bool use)
        {
            if (use && onCpu)
            {
                model.UseKernels(LinearKernels.Best, threads);
            }
            else
            {
                model.UseLibtorch();
            }
        }
        UseKernels(true);
        using MemoryReading? memory = onCpu ? new MemoryReading(threads) : null;
        using DeviceReading? deviceMemory = onCpu ? null : new DeviceReading(device.Device);
        var benchmark = new ForwardBenchmark(
            model,
            memory is null ? deviceMemory!.Measure : memory.Measure,
            UseKernels,
            new ForwardBenchmarkOptions
            {
                Tokens = Counts(parsed.GetRequiredValue(Tokens)),
                Depth = CheckedDepth(parsed.GetValue(Depth), model.Config),
                Time = TimeSpan.FromSeconds(Math.Clamp(parsed.GetValue(Seconds), 0.01, 600)),
                Compare = parsed.GetValue(Compare) && onCpu,
            },
            progress,
            cancellationToken
        );
        (IReadOnlyList<ForwardBenchmarkRow> rows, double read, double matrix) = benchmark.Run();
        return new ForwardBenchmarkResult
        {
            Shape = shape,
            Parameters = model.ParameterCount,
            Dtype = WeightQuantizations.NameOf(model.Config.Quantization) ?? ComputeDevice.NameOf(model.DataType),
            WeightBytes = model.Cost(logits: true).Bytes,
            Threads = threads,
            LoadSeconds = load,
            PeakMemoryGb = PeakMemory() / 1e9,
            ReadGbPerS = read / 1e9,
            MatrixGflopPerS = matrix / 1e9,
            Rows = rows,
        };
    }

    // A named shape is filled at random; a folder is loaded, without its tokenizer.
    private static DiffusionTransformer Model(string shape, string? dataType, ComputeDevice device, CancellationToken cancellationToken)
    {
        ModelConfig? named = ForwardShape.Find(shape);
        ModelDirectory? directory = named is null ? ModelDirectory.Open(shape) : null;
        ModelConfig config = named ?? directory!.Config;
        WeightQuantization quantization =
            config.Quantization != WeightQuantization.None ? config.Quantization : WeightQuantizations.Of(dataType);
        long parameters = directory?.ParameterCount ?? long.MaxValue;
        var model = new DiffusionTransformer(
            config with
            {
                Quantization = quantization,
            },
            device.DataType(dataType ?? (named is null ? null : "bfloat16"), parameters),
            device.Device
        );
        try
        {
            if (directory is null)
            {
                ForwardShape.Fill(model, cancellationToken);
            }
            else
            {
                WeightLoader.Load(directory, model.Weights, model.QuantizedWeights, progress: null, cancellationToken);
            }
            model.eval();
            return model;
        }
        catch
        {
            model.Dispose();
            throw;
        }
    }

    private static int[] Counts(string list)
    {
        try
        {
            int[] counts = [.. list.Split(',').Select(count => int.Parse(count, NumberStyles.None, CultureInfo.InvariantCulture))];
            return counts.All(count => count is >= 1 and <= 8192) ? counts : throw new FormatException();
        }
        catch (Exception error) when (error is FormatException or OverflowException)
        {
            throw new InvalidInputException($"--tokens is \"{list}\"; give numbers from 1 to 8192 with commas, such as 1,4,8,512.");
        }
    }

    private static int CheckedDepth(int depth, ModelConfig config) =>
        depth >= 0 && depth <= config.MaxPositionEmbeddings - DiffusionTransformer.MostKernelRows
            ? depth
            : throw new InvalidInputException(
                $"--depth is {depth}; this shape has {config.MaxPositionEmbeddings} positions, of which {DiffusionTransformer.MostKernelRows} are for the forward."
            );

    private static long PeakMemory()
    {
        using var process = Process.GetCurrentProcess();
        return process.PeakWorkingSet64;
    }
}
