namespace StableDiffCoder.Cli.Help;

/// <summary>Sections, tables and wrapped text of a help page.</summary>
internal sealed class HelpWriter(TextWriter output)
{
    private const int Width = 110;
    private const int MaxNameWidth = 26;

    /// <summary>Wrapped text, followed by an empty line.</summary>
    public void Paragraph(string text)
    {
        foreach (string line in Wrap(text, Width))
        {
            output.WriteLine(line);
        }
        output.WriteLine();
    }

    /// <summary>Lines as they are, followed by an empty line; nothing when there are none.</summary>
    public void Lines(IReadOnlyList<string> lines)
    {
        foreach (string line in lines)
        {
            output.WriteLine(line);
        }
        if (lines.Count > 0)
        {
            output.WriteLine();
        }
    }

    /// <summary>A heading over indented lines.</summary>
    public void Section(string heading, IEnumerable<string> lines)
    {
        output.WriteLine($"{heading}:");
        foreach (string line in lines)
        {
            output.WriteLine($"  {line}");
        }
        output.WriteLine();
    }

    /// <summary>A heading over names and what they mean; nothing when there are none.</summary>
    public void Table(string heading, IEnumerable<(string Name, string Meaning)> rows)
    {
        (string Name, string Meaning)[] all = [.. rows];
        if (all.Length > 0)
        {
            int width = Math.Min(MaxNameWidth, all.Max(row => row.Name.Length));
            Section(heading, all.SelectMany(row => Row(row.Name, row.Meaning, width)));
        }
    }

    /// <summary>Examples; nothing when there are none.</summary>
    public void Examples(IReadOnlyList<HelpExample> examples)
    {
        if (examples.Count > 0)
        {
            Section("Examples", examples.SelectMany(example => (string[])[$"# {example.What}", example.How]));
        }
    }

    private static IEnumerable<string> Row(string name, string meaning, int width)
    {
        string[] lines = [.. Wrap(meaning, Width - width - 4)];
        if (name.Length > width)
        {
            yield return name;
            name = "";
        }
        for (int i = 0; i < lines.Length; i++)
        {
            yield return $"{(i == 0 ? name : "").PadRight(width)}  {lines[i]}";
        }
    }

    private static IEnumerable<string> Wrap(string text, int width)
    {
        string line = "";
        foreach (string word in text.Split(' '))
        {
            if (line.Length > 0 && line.Length + 1 + word.Length > width)
            {
                yield return line;
                line = "";
            }
            line = line.Length == 0 ? word : $"{line} {word}";
        }
        yield return line;
    }
}
