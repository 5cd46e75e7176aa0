using CsCheck;
using StableDiffCoder.Lsp.Context;

namespace StableDiffCoder.Lsp.Tests.Context;

public sealed class SymbolIndexTests
{
    private static readonly string[] Names = ["Alpha", "Beta", "Gamma", "Delta"];

    private static readonly Gen<string> Texts =
        from types in Gen.Select(Gen.Int[0, 3], Gen.Int[0, 3].Array[0, 4]).Array[0, 3]
        select string.Concat(
            types.Select(type =>
                $"public class {Names[type.Item1]} {{ {string.Concat(type.Item2.Select((name, i) => $"public int {Names[name]}(int a{i}) => 0; "))}}}\n"
            )
        );

    /// <summary>A file's new text; null deletes it.</summary>
    private static readonly Gen<(string Path, string? Text)> Edits = Gen.Select(
        Gen.Int[0, 5].Select(i => $"/w/{i}.cs"),
        Gen.Select(Gen.Int[0, 4], Texts).Select(pair => pair.Item1 == 0 ? null : pair.Item2)
    );

    [Fact]
    public void Set_AnyEdits_IsAsBuiltAnew() =>
        Edits
            .Array[0, 40]
            .Sample(edits =>
            {
                var index = new SymbolIndex();
                foreach ((string path, string? text) in edits)
                {
                    Apply(index, path, text);
                }
                var rebuilt = new SymbolIndex();
                foreach ((string path, string? text) in edits.Reverse().DistinctBy(edit => edit.Path))
                {
                    Apply(rebuilt, path, text);
                }
                Assert.Equal(Dump(rebuilt), Dump(index));
                Assert.Equal(rebuilt.Bytes, index.Bytes);
                Assert.Equal(rebuilt.Paths.Order(), index.Paths.Order());
            });

    [Fact]
    public void Set_AnyEditsWithinABudget_NeverExceedsIt() =>
        Gen.Select(Edits.Array[0, 60], Gen.Int[0, 4000])
            .Sample(
                (edits, budget) =>
                {
                    var index = new SymbolIndex(budget);
                    foreach ((string path, string? text) in edits)
                    {
                        Apply(index, path, text);
                        Assert.InRange(index.Bytes, 0, budget);
                    }
                    foreach (string path in index.Paths)
                    {
                        Assert.True(index.Remove(path));
                    }
                    Assert.Equal(0, index.Bytes);
                    Assert.All(Names, name => Assert.False(index.Knows(name)));
                }
            );

    [Fact]
    public void Bytes_ManyLargeFiles_CoverWhatTheMemoryTakes()
    {
        const int Files = 400;
        string members = string.Concat(
            Enumerable.Range(0, 100).Select(i => $"    public string Member{i}(int first, string second) => second;\n")
        );
        var index = new SymbolIndex();
        long before = GC.GetTotalMemory(forceFullCollection: true);
        for (int i = 0; i < Files; i++)
        {
            Assert.True(index.Set($"/w/{i}.cs", SymbolReader.Read($"class Type{i}\n{{\n{members}}}\n", CancellationToken.None)));
        }
        long taken = GC.GetTotalMemory(forceFullCollection: true) - before;
        // Names are kept in two places; the estimate may be wrong by a factor, not by an order.
        Assert.InRange(taken, index.Bytes / 4, index.Bytes * 3);
        GC.KeepAlive(index);
    }

    [Fact]
    public void Read_Declarations_AreSignaturesOnOneLine()
    {
        const string Source = """
            namespace A;
            [Serializable]
            public sealed class Stack<T>(int size /* slots */)
                : Base<T>, System.IDisposable
                where T : class
            {
                private int hidden;
                public const int Most = 3;
                public int Count { get; private set; }
                internal int Twice => Count * 2;
                public Stack() : this(0) { }
                public async Task<int> PushAsync(
                    T item, // first
                    int times = 1)
                {
                    await Task.Yield();
                    return 0;
                }
                protected event Action? Changed;
                enum Color { Red, Green = 5 }
            }
            public interface IShape { double Area(); }
            public delegate void Handler(object sender);
            """;
        FileSymbols symbols = SymbolReader.Read(Source, CancellationToken.None);
        Assert.Equal(["Stack", "Color", "IShape", "Handler"], symbols.Types.Select(type => type.Name));
        TypeSymbol stack = symbols.Types[0];
        Assert.Equal("public sealed class Stack<T>(int size ) : Base<T>, System.IDisposable", stack.Header);
        Assert.Equal(["Base", "IDisposable"], stack.Bases);
        Assert.Equal(
            [
                "public const int Most = 3;",
                "public int Count { get; private set; }",
                "internal int Twice { get; }",
                "public Stack();",
                "public Task<int> PushAsync( T item, int times = 1);",
                "protected event Action? Changed;",
            ],
            stack.Members.Select(member => member.Signature)
        );
        Assert.Equal(["Red,", "Green = 5,"], symbols.Types[1].Members.Select(member => member.Signature));
        Assert.Equal("public delegate void Handler(object sender)", symbols.Types[3].Header);
    }

    [Fact]
    public void Read_AnyText_NeverFails() =>
        Gen.String.Sample(text => Assert.NotNull(SymbolReader.Read($"class A {{ {text}", CancellationToken.None)));

    private static void Apply(SymbolIndex index, string path, string? text)
    {
        if (text is null)
        {
            index.Remove(path);
        }
        else
        {
            index.Set(path, SymbolReader.Read(text, CancellationToken.None));
        }
    }

    private static IEnumerable<string> Dump(SymbolIndex index) =>
        Names
            .SelectMany(name =>
                index.Types(name).Select(type => ("type", name, type)).Concat(index.Owners(name).Select(type => ("owner", name, type)))
            )
            .Select(found =>
                $"{found.Item1} {found.name} {found.type.Path} {found.type.Type.Header} {string.Join(' ', found.type.Type.Members.Select(member => member.Signature))}"
            )
            .Order();
}
