using System.Reflection;
using System.Runtime.CompilerServices;
using NetArchTest.Rules;
using StableDiffCoder.Cli;
using StableDiffCoder.Engine.Infilling;

namespace StableDiffCoder.EndToEnd.Tests;

/// <summary>The dependency rules of docs/architecture.md.</summary>
public sealed class ArchitectureTests
{
    private const int MaxLines = 300;

    private static readonly Assembly Engine = typeof(IInfillEngine).Assembly;
    private static readonly Assembly Cli = typeof(CommandLine).Assembly;
    private static readonly Assembly Lsp = Assembly.Load("StableDiffCoder.Lsp");
    private static readonly Assembly Training = Assembly.Load("StableDiffCoder.Training");

    [Fact]
    public void Engine_KnowsNoProtocolNoTrainingNoCommandLine() =>
        AssertIndependent(
            Types.InAssembly(Engine),
            "StableDiffCoder.Lsp",
            "StableDiffCoder.Training",
            "StableDiffCoder.Cli",
            "StreamJsonRpc",
            "Nerdbank",
            "Spectre",
            "System.CommandLine",
            "System.Console"
        );

    [Theory]
    [InlineData("Kernels", "Model", "Weights", "Runtime", "Diffusion", "Infilling", "Tokenization")]
    [InlineData("Model", "Diffusion", "Infilling", "Tokenization")]
    [InlineData("Diffusion", "Tokenization", "Infilling")]
    [InlineData("Tokenization", "Model", "Diffusion", "Infilling", "Runtime")]
    [InlineData("Weights", "Diffusion", "Infilling", "Tokenization")]
    public void EngineFolder_KnowsNot(string folder, params string[] others) =>
        AssertIndependent(
            Types.InAssembly(Engine).That().ResideInNamespace($"StableDiffCoder.Engine.{folder}"),
            [.. others.Select(other => $"StableDiffCoder.Engine.{other}")]
        );

    [Fact]
    public void Lsp_UsesTheEnginesContractsOnly() =>
        AssertIndependent(
            Types.InAssembly(Lsp),
            "TorchSharp",
            "StableDiffCoder.Engine.Model",
            "StableDiffCoder.Engine.Diffusion",
            "StableDiffCoder.Engine.Weights",
            "StableDiffCoder.Engine.Runtime",
            "StableDiffCoder.Engine.Tokenization",
            "StableDiffCoder.Engine.Infilling.InfillEngine",
            "StableDiffCoder.Engine.Infilling.LoadedModel",
            "StableDiffCoder.Training",
            "StableDiffCoder.Cli"
        );

    [Theory]
    [InlineData("Protocol", "Documents", "Requests", "Hosting", "Handlers")]
    [InlineData("Documents", "Requests", "Hosting", "Handlers")]
    [InlineData("Context", "Requests", "Hosting", "Handlers", "Completions", "Settings", "Statistics")]
    [InlineData("Requests", "Documents", "Hosting", "Handlers")]
    [InlineData("Hosting", "Documents", "Requests", "Handlers")]
    public void LspFolder_KnowsNot(string folder, params string[] others) =>
        AssertIndependent(
            Types.InAssembly(Lsp).That().ResideInNamespace($"StableDiffCoder.Lsp.{folder}"),
            [.. others.Select(other => $"StableDiffCoder.Lsp.{other}")]
        );

    [Fact]
    public void Training_KnowsNoProtocolNoCommandLine() =>
        AssertIndependent(Types.InAssembly(Training), "StableDiffCoder.Lsp", "StreamJsonRpc", "StableDiffCoder.Cli");

    [Fact]
    public void Rules_BrokenOnPurpose_AreNoticed()
    {
        // The rules above would hold for any name that is spelled wrong; these dependencies are there.
        Assert.False(Independent(Types.InAssembly(Cli), "StableDiffCoder.Engine.Infilling", "StableDiffCoder.Engine.Diffusion"));
        Assert.False(Independent(Types.InAssembly(Engine).That().ResideInNamespace("StableDiffCoder.Engine.Model"), "TorchSharp"));
    }

    [Fact]
    public void References_Assemblies_PointOneWay()
    {
        Assert.DoesNotContain(References(Engine), name => name.StartsWith("StableDiffCoder", StringComparison.Ordinal));
        Assert.DoesNotContain("stable-diffcoder", (string[])[.. References(Lsp), .. References(Training)]);
        Assert.DoesNotContain("StableDiffCoder.Training", References(Lsp));
        Assert.DoesNotContain("StableDiffCoder.Lsp", References(Training));
        Assert.DoesNotContain("TorchSharp", References(Lsp));
    }

    [Fact]
    public void Files_OfTheServer_HaveAtMost300Lines()
    {
        string[] files =
        [
            .. Directory
                .EnumerateFiles(Path.Combine(RepositoryRoot(), "server"), "*.cs", SearchOption.AllDirectories)
                .Where(file => !file.Split(Path.DirectorySeparatorChar).Any(part => part is "bin" or "obj")),
        ];
        Assert.NotEmpty(files);
        Assert.DoesNotContain(files, file => File.ReadLines(file).Count() > MaxLines);
    }

    private static void AssertIndependent(PredicateList types, params string[] dependencies) =>
        Report(types.ShouldNot().HaveDependencyOnAny(dependencies).GetResult());

    private static void AssertIndependent(Types types, params string[] dependencies) =>
        Report(types.ShouldNot().HaveDependencyOnAny(dependencies).GetResult());

    private static void Report(TestResult result) =>
        Assert.True(result.IsSuccessful, $"These types break the rule: {string.Join(", ", result.FailingTypeNames ?? [])}");

    private static bool Independent(Types types, params string[] dependencies) =>
        types.ShouldNot().HaveDependencyOnAny(dependencies).GetResult().IsSuccessful;

    private static bool Independent(PredicateList types, params string[] dependencies) =>
        types.ShouldNot().HaveDependencyOnAny(dependencies).GetResult().IsSuccessful;

    private static IEnumerable<string> References(Assembly assembly) => assembly.GetReferencedAssemblies().Select(name => name.Name!);

    private static string RepositoryRoot([CallerFilePath] string thisFile = "") =>
        Path.GetFullPath(Path.Combine(Path.GetDirectoryName(thisFile)!, "..", ".."));
}
