using System.CommandLine;
using System.Globalization;

namespace StableDiffCoder.Cli.Commands;

/// <summary>The arguments of a server process that loads the same model in the same way as this command would.</summary>
internal static class ServerArguments
{
    /// <summary>Behind <c>lsp</c>.</summary>
    public static IReadOnlyList<string> Of(ParseResult parsed, GlobalOptions options)
    {
        var arguments = new List<string> { "--model", ModelLocation.Resolve(parsed.GetValue(options.Model)) };
        if (options.DataTypeOf(parsed) is string type)
        {
            arguments.AddRange(["--dtype", type]);
        }
        if (parsed.GetValue(options.Device) is string device)
        {
            arguments.AddRange(["--device", device]);
        }
        if (parsed.GetValue(options.Threads) is int threads)
        {
            arguments.AddRange(["--threads", threads.ToString(CultureInfo.InvariantCulture)]);
        }
        if (parsed.GetValue(options.Libtorch) is string libtorch)
        {
            arguments.AddRange(["--libtorch", libtorch]);
        }
        return arguments;
    }
}
