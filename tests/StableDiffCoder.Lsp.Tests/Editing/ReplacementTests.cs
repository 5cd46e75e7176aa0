using StableDiffCoder.Lsp.Editing;

namespace StableDiffCoder.Lsp.Tests.Editing;

/// <summary>What becomes of a text for a span that a client asked to have replaced; the rest is in the golden cases.</summary>
public sealed class ReplacementTests
{
    [Theory]
    [InlineData("int A() { return ├???┤; }", "b + 1;", "int A() { return b + 1; }")]
    [InlineData("int A() { return ├???┤; }", "b + 1", "int A() { return b + 1; }")]
    [InlineData("int a = ├???┤;\nint b;", "Max(1, 2);", "int a = Max(1, 2);\nint b;")]
    [InlineData("for (int i = 0; ├???┤; i++) { }", "i < n; i++", "for (int i = 0; i < n; i++) { }")]
    [InlineData("Print(├???┤);", "a);", "Print(a);")]
    [InlineData("Print(├???┤);", "Name(a);", "Print(Name(a));")]
    [InlineData("Print(├???┤);", "Name(a));", "Print(Name(a));")]
    [InlineData("Print(Text(├???┤));", "Name(a);", "Print(Text(Name(a)));")]
    [InlineData("Print(Text(├???┤));", "Name(a));", "Print(Text(Name(a)));")]
    [InlineData("Print(├???┤, 1);", "Name(a);", "Print(Name(a), 1);")]
    [InlineData("Print(├???┤).Do();", "a();", "Print(a()).Do();")]
    [InlineData("values[├???┤];", "Index(a);", "values[Index(a)];")]
    [InlineData("Run(() => { ├???┤ });", "Name(a);", "Run(() => { Name(a); });")]
    [InlineData("for (int i = 0; ├???┤);", "Next(i);", "for (int i = 0; Next(i););")]
    [InlineData("int Sum => ├???┤ + second;", "first + second;", "int Sum => first + second;")]
    [InlineData("var text = ├???┤;", "\"a;\"", "var text = \"a;\";")]
    [InlineData("├int a = 1;┤\nint b = 2;", "int c = 3;", "int c = 3;\nint b = 2;")]
    [InlineData("├int a = 1;┤ // one", "int c = 3;", "int c = 3; // one")]
    public void Apply_WhatTheLineGoesOnWith_IsNotSaidTwice(string marked, string model, string expected)
    {
        int start = marked.IndexOf('├', StringComparison.Ordinal);
        int end = marked.IndexOf('┤', StringComparison.Ordinal) - 1;
        string text = marked.Replace("├", "", StringComparison.Ordinal).Replace("┤", "", StringComparison.Ordinal);
        var place = new EditContext(text, "csharp", end, new(start, end - start));
        EditOutcome outcome = EditingPipeline.Replacement.Apply(place, model);
        Assert.Null(outcome.Silence);
        Assert.Equal(place.Replaced, outcome.Range);
        Assert.Equal(expected, outcome.ApplyTo(text));
    }
}
