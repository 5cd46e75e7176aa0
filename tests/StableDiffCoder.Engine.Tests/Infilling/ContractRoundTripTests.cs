using System.Text.Json;
using StableDiffCoder.Engine.Diffusion;
using StableDiffCoder.Engine.Infilling;
using StableDiffCoder.Engine.Model;

namespace StableDiffCoder.Engine.Tests.Infilling;

/// <summary>Arguments and results of the engine are plain records, so that it may run in another process: JSON keeps all of them.</summary>
public sealed class ContractRoundTripTests
{
    private static readonly object[] Contracts =
    [
        new TextSpan(3, 4),
        new InfillOptions
        {
            MaxNewTokens = 7,
            Threshold = 0.5,
            Temperature = 0.25,
            Seed = long.MaxValue,
            StopStrings = ["\n", "é"],
            ContextTokens = 9,
            Sampler = SamplerKind.Speculative,
            EntropyBound = 0.6,
            Remasking = RemaskingOrder.LeftToRight,
            StopAtSuffix = true,
            DeadlineMilliseconds = 150.5,
            DeadlineConfidence = 0.25,
            SnippetTokens = 17,
        },
        new InfillRequest { Text = "a\r\n\u2028😀", Spans = [new TextSpan(0, 1), new TextSpan(2, 0)] },
        new InfillRequest
        {
            Text = "a",
            Spans = [new TextSpan(1, 0)],
            Branch = new InfillBranch { Kept = [new TokenChoice(7, 0.5, 2)], Forbidden = [2, 9] },
            Snippets =
            [
                new ContextSnippet
                {
                    Path = "src/é.py",
                    Text = "def f():\n",
                    LineComment = "#",
                },
            ],
        },
        new InfillCanvas
        {
            Step = 2,
            Spans =
            [
                new CanvasSpan
                {
                    Text = "x▒",
                    Masked = [new TextSpan(1, 1)],
                    Leading = [new TokenChoice(88, 0.75, 1)],
                    Confidence = 0.75,
                },
            ],
        },
        new InfillResult
        {
            Model = "mini",
            Milliseconds = 1.5,
            Spans =
            [
                new InfilledSpan
                {
                    Span = new TextSpan(0, 1),
                    Text = "y",
                    Tokens = 1,
                    Forwards = 5,
                    PromptTokens = 40,
                    ReusedTokens = 36,
                    Stop = InfillStop.StopString,
                    Confidences = [0.125, 1],
                    Choices = [new TokenChoice(300, 0.125, 0), new TokenChoice(2, 1, 1)],
                },
            ],
        },
        new EditRequest
        {
            Text = "a\r\n",
            Span = new TextSpan(0, 1),
            Instruction = "rename a to é",
            Options = new EditOptions
            {
                MaxNewTokens = 8,
                Threshold = 0.5,
                Temperature = 0.25,
                Seed = long.MinValue,
                ContextTokens = 9,
            },
        },
        new EditResult
        {
            Span = new TextSpan(0, 1),
            NewText = "é",
            Tokens = 1,
            Forwards = 5,
            Stop = InfillStop.Length,
            Confidences = [0.125],
            Model = "mini",
            Milliseconds = 1.5,
        },
        new EngineDescription
        {
            Model = "mini",
            Device = "cpu",
            DataType = "bfloat16",
            Parameters = 8_250_000_000,
            ContextLength = 8192,
            CanEdit = true,
        },
        new ModelLoadProgress(0.5, "weights 1 of 2"),
    ];

    public static TheoryData<int> Cases => [.. Enumerable.Range(0, Contracts.Length)];

    [Theory]
    [MemberData(nameof(Cases))]
    public void Contract_ThroughJson_IsEquivalent(int index)
    {
        object contract = Contracts[index];
        string json = JsonSerializer.Serialize(contract, contract.GetType());
        Assert.Equivalent(contract, JsonSerializer.Deserialize(json, contract.GetType()), strict: true);
    }

    [Fact]
    public void Contracts_EveryTypeOfTheInterface_IsCovered()
    {
        var seen = new HashSet<Type>();
        foreach (var method in typeof(IInfillEngine).GetMethods().Concat(typeof(IEditEngine).GetMethods()))
        {
            Visit(method.ReturnType, seen);
            Array.ForEach(method.GetParameters(), parameter => Visit(parameter.ParameterType, seen));
        }
        Array.ForEach(typeof(EngineFactory).GetMethod("Invoke")!.GetParameters(), parameter => Visit(parameter.ParameterType, seen));
        var covered = new HashSet<Type>();
        Array.ForEach(Contracts, contract => Visit(contract.GetType(), covered));
        seen.Remove(typeof(IInfillEngine));
        Assert.Empty(seen.Except(covered));
    }

    /// <summary>Collects a type and those of its properties, as far as they belong to the engine.</summary>
    private static void Visit(Type type, HashSet<Type> seen)
    {
        foreach (Type argument in type.GetGenericArguments())
        {
            Visit(argument, seen);
        }
        if (type.Assembly == typeof(IInfillEngine).Assembly && seen.Add(type))
        {
            Array.ForEach(type.GetProperties(), property => Visit(property.PropertyType, seen));
        }
    }
}
