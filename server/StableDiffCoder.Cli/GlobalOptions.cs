using System.CommandLine;

namespace StableDiffCoder.Cli;

/// <summary>Options that every command takes.</summary>
public sealed class GlobalOptions
{
    /// <summary>The model folder.</summary>
    public Option<string?> Model { get; } =
        new("--model")
        {
            Description =
                $"Model folder: config.json, tokenizer.json, safetensors. Default: ${ModelLocation.EnvironmentVariable}, else the embedded model",
            HelpName = "DIR",
            Recursive = true,
        };

    /// <summary>Element type of the weights.</summary>
    public Option<string?> DataType { get; } =
        new("--dtype")
        {
            Description = "float32, bfloat16 (bf16), int8 or int4; the last two round weights while loading",
            HelpName = "TYPE",
            Recursive = true,
        };

    /// <summary>Where models run.</summary>
    public Option<string?> Device { get; } =
        new("--device")
        {
            Description = "cpu, cuda or cuda:N; CUDA needs --libtorch with a CUDA build. Default: cpu",
            HelpName = "NAME",
            Recursive = true,
        };

    /// <summary>Threads of one tensor operator.</summary>
    public Option<int?> Threads { get; } =
        new("--threads")
        {
            Description = "CPU threads. Default: one a core",
            HelpName = "N",
            Recursive = true,
        };

    /// <summary>Memory for prompts that begin alike.</summary>
    public Option<int?> PrefixCache { get; } =
        new("--prefix-cache-mb")
        {
            Description = "Memory for what prompts share with later ones, in MiB; 0 keeps nothing. Default: 512",
            HelpName = "N",
            Recursive = true,
        };

    /// <summary>A folder with libtorch.</summary>
    public Option<string?> Libtorch { get; } =
        new("--libtorch")
        {
            Description = "Use the libtorch of this folder, such as an installed PyTorch's torch/lib",
            HelpName = "DIR",
            Recursive = true,
        };

    /// <summary>Whether errors show their stack.</summary>
    public Option<bool> Verbose { get; } = new("--verbose") { Description = "Show where an error came from", Recursive = true };

    /// <summary>All of them, in the order of the help.</summary>
    public IReadOnlyList<Option> All => [Model, DataType, Device, Threads, PrefixCache, Libtorch, Verbose];

    /// <summary>The element type that a command line asks for, by its long name; null when it does not.</summary>
    public string? DataTypeOf(ParseResult parsed) => parsed.GetValue(DataType) is string name ? (name == "bf16" ? "bfloat16" : name) : null;

    /// <summary>Adds them to the root command.</summary>
    public void AddTo(RootCommand root)
    {
        DataType.AcceptOnlyFromAmong("float32", "bfloat16", "bf16", "int8", "int4");
        Threads.Validators.Add(result =>
        {
            if (result.GetValueOrDefault<int?>() is < 1)
            {
                result.AddError("--threads must be 1 or more.");
            }
        });
        PrefixCache.Validators.Add(result =>
        {
            if (result.GetValueOrDefault<int?>() is < 0 or > 1 << 20)
            {
                result.AddError("--prefix-cache-mb must be 0 to 1048576.");
            }
        });
        foreach (Option option in All)
        {
            root.Options.Add(option);
        }
    }
}
